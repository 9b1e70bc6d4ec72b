package site

func (s *Site) organizerRoutes() []route {
	const edition = "/organize/{festival}/{edition}"
	return []route{
		{"GET", "/organize", organizer, s.showStart},
		{"GET", "/organize/new", admin, s.newFestival},
		{"POST", "/organize/new", admin, s.createFestival},
		{"GET", "/organize/{festival}", organizer, s.showFestival},
		{"POST", "/organize/{festival}", organizer, s.saveFestival},
		{"GET", "/organize/{festival}/new", organizer, s.newEdition},
		{"POST", "/organize/{festival}/new", organizer, s.createEdition},
		{"GET", edition, organizer, s.showOverview},
		{"POST", edition + "/opening", organizer, s.openCall},
		{"GET", edition + "/settings", organizer, s.showSettings},
		{"POST", edition + "/settings", organizer, s.saveSettings},
		{"POST", edition + "/settings/call", organizer, s.saveCall},
		{"POST", edition + "/settings/picture", organizer, s.savePicture},
		{"GET", edition + "/categories", organizer, s.listCategories},
		{"GET", edition + "/categories/new", organizer, s.newCategory},
		{"POST", edition + "/categories/new", organizer, s.createCategory},
		{"GET", edition + "/categories/{category}", organizer, s.showCategory},
		{"POST", edition + "/categories/{category}", organizer, s.saveCategory},
		{"GET", edition + "/entries", organizer, s.listEntries},
		{"GET", edition + "/entries.csv", organizer, s.exportEntries},
		{"GET", edition + "/entries/{entry}", organizer, s.showSentEntry},
		{"POST", edition + "/entries/{entry}/state", organizer, s.moveEntry},
		{"GET", edition + "/team", organizer, s.showTeam},
		{"POST", edition + "/team", organizer, s.inviteOrganizer},
		{"POST", edition + "/team/removal", organizer, s.removeOrganizer},
		{"GET", edition + "/letters", organizer, s.listLetters},
		{"GET", edition + "/letters/{letter}", organizer, s.showLetter},
	}
}
