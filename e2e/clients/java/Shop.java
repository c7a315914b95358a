package shop.orders;

import io.sentry.Attachment;
import io.sentry.Breadcrumb;
import io.sentry.CheckIn;
import io.sentry.CheckInStatus;
import io.sentry.MonitorConfig;
import io.sentry.MonitorSchedule;
import io.sentry.MonitorScheduleUnit;
import io.sentry.Sentry;
import io.sentry.SentryLevel;
import io.sentry.TransactionOptions;
import io.sentry.protocol.Feedback;
import io.sentry.protocol.User;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A shop that fails in many ways, reported by sentry-java and its Logback appender with nothing but its DSN set. */
public class Shop {
  private static final Logger LOG = LoggerFactory.getLogger(Shop.class);

  static class PaymentException extends RuntimeException {
    PaymentException(int order, Throwable cause) {
      super("order " + order + " cannot be paid", cause);
    }
  }

  static class Till implements AutoCloseable {
    int charge(Map<String, String> order) {
      return order.get("card").length();
    }

    @Override
    public void close() {
      throw new IllegalStateException("till does not close");
    }
  }

  static void checkout(int id) {
    try (Till till = new Till()) {
      till.charge(Map.of("id", String.valueOf(id)));
    } catch (NullPointerException missing) {
      throw new PaymentException(id, missing);
    }
  }

  public static void main(String[] args) throws Exception {
    Sentry.init(options -> {
      options.setDsn(args[0]);
      options.setRelease("shop@1.2.3");
      options.setEnvironment("e2e");
      options.setTracesSampleRate(1.0);
      options.getLogs().setEnabled(true);
      if (args.length > 1) options.addInAppInclude(args[1]);
    });
    Sentry.startSession();
    Sentry.configureScope(scope -> {
      User user = new User();
      user.setId("7");
      user.setEmail("ada@example.org");
      scope.setUser(user);
      scope.setTag("plan", "gold");
      scope.setContexts("basket", Map.of("items", 3));
    });
    Breadcrumb pressed = new Breadcrumb("checkout pressed");
    pressed.setCategory("cart");
    Sentry.addBreadcrumb(pressed);
    try {
      checkout(4711);
    } catch (PaymentException error) {
      byte[] csv = "id;total\n4711;12.50\n".getBytes(StandardCharsets.UTF_8);
      Sentry.withScope(scope -> {
        scope.addAttachment(new Attachment(csv, "order.csv", "text/csv"));
        Feedback feedback = new Feedback("I could not pay");
        feedback.setContactEmail("ada@example.org");
        feedback.setAssociatedEventId(Sentry.captureException(error));
        Sentry.feedback().capture(feedback);
      });
    }
    Sentry.captureMessage("stock is low", SentryLevel.WARNING);
    LOG.info("order {} packed", 4711);
    try {
      List.of(1, 2).get(7);
    } catch (IndexOutOfBoundsException error) {
      LOG.error("could not load order {}", 4711, error);
    }
    TransactionOptions bound = new TransactionOptions();
    bound.setBindToScope(true);
    var transaction = Sentry.startTransaction("nightly-report", "task", bound);
    Sentry.captureException(new java.io.IOException("report is empty"));
    transaction.finish();
    MonitorConfig nightly = new MonitorConfig(MonitorSchedule.crontab("0 4 * * *"));
    nightly.setTimezone("Europe/Berlin");
    CheckIn backup = new CheckIn("backup", CheckInStatus.OK);
    backup.setMonitorConfig(nightly);
    backup.setDuration(1.5);
    Sentry.captureCheckIn(backup);
    CheckIn imported = new CheckIn("import", CheckInStatus.ERROR);
    imported.setMonitorConfig(new MonitorConfig(MonitorSchedule.interval(1, MonitorScheduleUnit.HOUR)));
    Sentry.captureCheckIn(imported);
    Sentry.logger().info("shelf %d is empty", 3);
    Sentry.logger().error("printer %s is on fire", "lp0");
    Sentry.endSession();
    Sentry.startSession();
    Sentry.flush(5000);
    System.out.println("sent");
    new Thread(() -> checkout(1), "worker-1").start(); // nobody catches it
  }
}
