// A shop that fails in many ways, reported by sentry-go with nothing but its DSN set: `shop <dsn>`.
package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"time"

	"github.com/getsentry/sentry-go"
	sentryhttp "github.com/getsentry/sentry-go/http"
)

// PaymentError is an error of the shop's own.
type PaymentError struct {
	Order int
	Cause error
}

func (e *PaymentError) Error() string { return fmt.Sprintf("order %d cannot be paid", e.Order) }
func (e *PaymentError) Unwrap() error { return e.Cause }

var errCard = errors.New("card expired")

func charge(order int) error { return fmt.Errorf("charge: %w", errCard) }

func checkout(order int) error {
	if err := charge(order); err != nil {
		return &PaymentError{order, err}
	}
	return nil
}

type warehouse struct{ shelves map[string][]int }

func (w *warehouse) take(item string) int { return w.shelves[item][3] }

func panics() {
	defer func() {
		if cause := recover(); cause != nil {
			sentry.CurrentHub().Recover(cause)
		}
	}()
	shop := &warehouse{}
	func() { shop.take("tea") }()
}

func jobs() {
	config := &sentry.MonitorConfig{Schedule: sentry.CrontabSchedule("0 4 * * *"), CheckInMargin: 10, Timezone: "Europe/Berlin"}
	id := sentry.CaptureCheckIn(&sentry.CheckIn{MonitorSlug: "backup", Status: sentry.CheckInStatusInProgress}, config)
	sentry.CaptureCheckIn(&sentry.CheckIn{ID: *id, MonitorSlug: "backup", Status: sentry.CheckInStatusOK, Duration: time.Second}, config)
	sentry.CaptureCheckIn(&sentry.CheckIn{MonitorSlug: "import", Status: sentry.CheckInStatusError},
		&sentry.MonitorConfig{Schedule: sentry.IntervalSchedule(1, sentry.MonitorScheduleUnitHour)})
}

func request() {
	handler := sentryhttp.New(sentryhttp.Options{}).HandleFunc(func(http.ResponseWriter, *http.Request) {
		var missing map[string]int
		missing["stock"] = 1
	})
	handler(httptest.NewRecorder(), httptest.NewRequest("POST", "http://shop.example/stock?item=tea", nil))
}

func main() {
	err := sentry.Init(sentry.ClientOptions{
		Dsn: os.Args[1], Release: "shop@1.2.3", Environment: "e2e",
		EnableTracing: true, TracesSampleRate: 1, AttachStacktrace: true,
	})
	if err != nil {
		panic(err)
	}
	sentry.ConfigureScope(func(scope *sentry.Scope) {
		scope.SetUser(sentry.User{ID: "7", Email: "ada@example.org"})
		scope.SetTag("plan", "gold")
		scope.SetContext("basket", sentry.Context{"items": 3})
	})
	sentry.AddBreadcrumb(&sentry.Breadcrumb{Category: "cart", Message: "checkout pressed", Level: sentry.LevelInfo})
	sentry.WithScope(func(scope *sentry.Scope) {
		scope.AddAttachment(&sentry.Attachment{Filename: "order.csv", ContentType: "text/csv", Payload: []byte("id;total\n4711;12.50\n")})
		sentry.CaptureException(checkout(4711))
	})
	sentry.CaptureException(errors.Join(errors.New("van 3 is late"), errors.New("bad address")))
	sentry.CaptureMessage("stock is low")
	panics()
	request()
	jobs()
	span := sentry.StartTransaction(context.Background(), "nightly-report", sentry.WithOpName("task"))
	hub := sentry.CurrentHub().Clone()
	hub.Scope().SetSpan(span)
	hub.CaptureException(errors.New("report is empty"))
	span.Finish()
	logger := sentry.NewLogger(context.Background())
	logger.Info().Emit("order packed")
	logger.Error().String("printer", "lp0").Emit("printer is on fire")
	sentry.Flush(10 * time.Second)
	fmt.Println("sent")
}
