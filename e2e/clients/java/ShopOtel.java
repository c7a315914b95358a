package shop.orders;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.logs.Severity;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.autoconfigure.AutoConfiguredOpenTelemetrySdk;
import java.util.Map;

/** OpenTelemetry's SDK for Java, configured by its environment variables alone. */
public class ShopOtel {
  static int charge(Map<String, String> order) {
    return order.get("card").length();
  }

  static void checkout(int id) {
    try {
      charge(Map.of("id", String.valueOf(id)));
    } catch (NullPointerException missing) {
      throw new IllegalStateException("order " + id + " cannot be paid", missing);
    }
  }

  public static void main(String[] args) {
    var sdk = AutoConfiguredOpenTelemetrySdk.initialize().getOpenTelemetrySdk();
    Span span = sdk.getTracer("shop").spanBuilder("POST /checkout").setAttribute("user.id", "7").startSpan();
    try (var scope = span.makeCurrent()) {
      span.addEvent("cart loaded", Attributes.of(AttributeKey.longKey("items"), 3L));
      checkout(4711);
    } catch (IllegalStateException error) {
      span.recordException(error).setStatus(StatusCode.ERROR);
    } finally {
      span.end();
    }
    var logger = sdk.getSdkLoggerProvider().get("shop.orders");
    logger.logRecordBuilder().setSeverity(Severity.INFO).setBody("stock of tea is low").emit();
    logger.logRecordBuilder().setSeverity(Severity.ERROR).setBody("printer lp0 is on fire").emit();
    sdk.close();
    System.out.println("sent");
  }
}
