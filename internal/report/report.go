// Package report reads across all tables and writes none: lists, counts and
// figures for pages and files. One file a report; what a reader may not know is
// left out in the statement, not in the page.
package report
