package pay_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"laurel/internal/money"
	"laurel/internal/pay"
)

const secret = "whsec_test"

func till(t *testing.T, at string) *pay.Stripe {
	t.Helper()
	s, err := pay.NewStripe(pay.Config{Key: "sk_test_123", Secret: secret, URL: at})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func order() money.Order {
	return money.Order{
		Reference: "k3v2m4", Amount: money.Amount{Minor: 1850, Currency: "EUR"}, Label: "F9-0417",
		Back: "https://entries.example.org/my/entries/abc/fee", Until: time.Now().Add(time.Hour),
	}
}

// TestStripeTakesTheOrder asks stripe-mock, which holds requests against
// Stripe's own description of its interface.
func TestStripeTakesTheOrder(t *testing.T) {
	t.Parallel()
	s := till(t, stripeMock(t))
	page, err := s.Open(t.Context(), order())
	if err != nil || !strings.HasPrefix(page, "https://") {
		t.Errorf("got %q, %v", page, err)
	}
}

// stripeMock runs stripe-mock on a free port until the test ends.
func stripeMock(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := l.Addr().String()
	l.Close()
	c := exec.Command("go", "tool", "stripe-mock", "-http-addr", addr)
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // go starts it as a child of its own
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-c.Process.Pid, syscall.SIGTERM)
		_ = c.Wait()
	})
	for late := time.Now().Add(3 * time.Minute); time.Now().Before(late); time.Sleep(50 * time.Millisecond) {
		if conn, err := net.DialTimeout("tcp", addr, time.Second); err == nil {
			conn.Close()
			return "http://" + addr
		}
	}
	t.Fatal("stripe-mock does not listen")
	return ""
}

// TestStripeLearnsNothingElse lists everything that goes there.
func TestStripeLearnsNothingElse(t *testing.T) {
	t.Parallel()
	var sent url.Values
	var keys []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		sent, _ = url.ParseQuery(string(body))
		keys = append(keys, r.Header.Get("Idempotency-Key"))
		fmt.Fprint(w, `{"id": "cs_1", "object": "checkout.session", "url": "https://checkout.stripe.com/c/pay/cs_1"}`)
	}))
	t.Cleanup(server.Close)
	o := order()
	for range 2 {
		page, err := till(t, server.URL).Open(t.Context(), o)
		if err != nil || page != "https://checkout.stripe.com/c/pay/cs_1" {
			t.Fatalf("got %q, %v", page, err)
		}
	}
	want := url.Values{
		"mode": {"payment"}, "client_reference_id": {"k3v2m4"}, "success_url": {o.Back}, "cancel_url": {o.Back}, "locale": {"auto"},
		"expires_at": {fmt.Sprint(o.Until.Unix())}, "line_items[0][quantity]": {"1"}, "line_items[0][price_data][currency]": {"eur"},
		"line_items[0][price_data][unit_amount]": {"1850"}, "line_items[0][price_data][product_data][name]": {"F9-0417"},
	}
	if d := cmp.Diff(want, sent); d != "" {
		t.Errorf("what Stripe learns (-want +got):\n%s", d)
	}
	if keys[0] != "laurel-k3v2m4" || keys[1] != keys[0] {
		t.Errorf("asking twice would make two pages: %v", keys)
	}
}

func TestStripeSaysNo(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error": {"type": "invalid_request_error", "param": "currency", "message": "secret words"}}`)
	}))
	t.Cleanup(server.Close)
	_, err := till(t, server.URL).Open(t.Context(), order())
	if err == nil || !strings.Contains(err.Error(), "400") || strings.Contains(err.Error(), "secret words") {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := till(t, server.URL).Open(ctx, order()); err == nil {
		t.Error("a page was opened for somebody who had left")
	}
}

// sign signs as docs.stripe.com/webhooks#verify-manually describes it.
func sign(message, secret string, at time.Time) string {
	mac := hmac.New(sha256.New, []byte(secret))
	fmt.Fprintf(mac, "%d.%s", at.Unix(), message)
	return fmt.Sprintf("t=%d,v1=%s", at.Unix(), hex.EncodeToString(mac.Sum(nil)))
}

const paid = `{"id": "evt_1", "object": "event", "api_version": "2020-08-27", "type": "checkout.session.completed", "data": {"object": {
	"id": "cs_1", "object": "checkout.session", "client_reference_id": "k3v2m4", "payment_status": "paid", "amount_total": 1850, "currency": "eur",
	"payment_intent": "pi_1", "customer_details": {"email": "noor@example.org", "name": "Noor"}}}}`

func TestNotices(t *testing.T) {
	t.Parallel()
	euros := func(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }
	refund := `{"id": "evt_2", "object": "event", "type": "charge.refunded", "data": {"object": {"id": "ch_1", "object": "charge",
		"payment_intent": "pi_1", "amount": 1850, "amount_refunded": 850, "currency": "eur"}}}`
	for name, c := range map[string]struct {
		message string
		want    money.Notice
	}{
		"paid":     {paid, money.Notice{ID: "evt_1", Kind: money.NoticePaid, Reference: "k3v2m4", Intent: "pi_1", Amount: euros(1850)}},
		"by bank":  {strings.Replace(paid, ".completed", ".async_payment_succeeded", 1), money.Notice{ID: "evt_1", Kind: money.NoticePaid, Reference: "k3v2m4", Intent: "pi_1", Amount: euros(1850)}},
		"not yet":  {strings.Replace(paid, `"paid"`, `"unpaid"`, 1), money.Notice{ID: "evt_1", Kind: money.NoticeOther}},
		"refund":   {refund, money.Notice{ID: "evt_2", Kind: money.NoticeRefunded, Intent: "pi_1", Amount: euros(850)}},
		"krona":    {strings.NewReplacer("1850", "185000", "eur", "isk").Replace(paid), money.Notice{ID: "evt_1", Kind: money.NoticePaid, Reference: "k3v2m4", Intent: "pi_1", Amount: money.Amount{Minor: 1850, Currency: "ISK"}}},
		"no money": {`{"id": "evt_3", "object": "event", "type": "customer.created", "data": {"object": {}}}`, money.Notice{ID: "evt_3", Kind: money.NoticeOther}},
		"no data":  {`{"id": "evt_4", "object": "event", "type": "charge.refunded"}`, money.Notice{ID: "evt_4", Kind: money.NoticeOther}},
	} {
		got, err := till(t, "").Read([]byte(c.message), sign(c.message, secret, time.Now()))
		if err != nil || got != c.want {
			t.Errorf("%s: %+v, %v; want %+v", name, got, err, c.want)
		}
	}
}

func TestNoticesOfOthersAreRefused(t *testing.T) {
	t.Parallel()
	good := sign(paid, secret, time.Now())
	for name, c := range map[string]struct{ message, signature string }{
		"no signature":    {paid, ""},
		"another secret":  {paid, sign(paid, "whsec_other", time.Now())},
		"changed":         {strings.Replace(paid, "1850", "1", 1), good},
		"too old":         {paid, sign(paid, secret, time.Now().Add(-6*time.Minute))},
		"another scheme":  {paid, strings.Replace(good, "v1=", "v0=", 1)},
		"cut off":         {paid, good[:len(good)-2]},
		"another instant": {paid, strings.Replace(good, "t=1", "t=2", 1)},
		"not words":       {"{", sign("{", secret, time.Now())},
	} {
		if n, err := till(t, "").Read([]byte(c.message), c.signature); err == nil {
			t.Errorf("%s: taken as %+v", name, n)
		}
	}
}
