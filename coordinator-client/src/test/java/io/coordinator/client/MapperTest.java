package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.util.RawValue;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.error.ValidationException;
import io.coordinator.testing.feature.Feature;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the client's own mapper knows. */
class MapperTest extends ClientFixture {
    private static final Duration LONG = Duration.ofSeconds(10);

    private record Line(String item, Optional<String> note, OptionalInt count) {}

    private record Order(UUID id, Instant at, Optional<LocalDate> due, Duration patience, List<Line> lines) {}

    /** A class as people write them who use neither records nor annotations. */
    static final class Point {
        private final int x;
        private final Instant seen;

        public Point(int x, Instant seen) {
            this.x = x;
            this.seen = seen;
        }

        public int getX() {
            return x;
        }

        public Instant getSeen() {
            return seen;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Point point && x == point.x && seen.equals(point.seen);
        }

        @Override
        public int hashCode() {
            return Objects.hash(x, seen);
        }
    }

    @Test
    @Feature("U-02")
    void timesOptionalsRecordsAndImmutableClassesComeBackAsTheyWere() {
        Cache cache = connect().cache();
        Instant now = Instant.parse("2026-11-29T13:59:01.123456789Z");
        List<Object> values = List.of(
                now,
                LocalDate.of(2026, 11, 29),
                LocalDateTime.of(2026, 11, 29, 14, 0, 0, 1),
                OffsetDateTime.parse("2026-11-29T13:59:01.5+05:30"),
                ZonedDateTime.of(2026, 11, 29, 14, 0, 0, 0, ZoneId.of("Europe/Berlin")),
                Duration.ofNanos(1_234_567_890_123L),
                Duration.ofDays(110_000).negated(),
                Period.ofDays(3),
                DayOfWeek.SUNDAY,
                OptionalLong.of(Long.MAX_VALUE),
                new Point(3, now),
                new Order(
                        new UUID(1, 2),
                        now,
                        Optional.of(LocalDate.EPOCH),
                        Duration.ofMillis(1_500),
                        List.of(
                                new Line("a", Optional.empty(), OptionalInt.of(7)),
                                new Line("b", Optional.of("夜"), OptionalInt.empty()))));
        for (Object value : values) {
            cache.put("k", value);
            Object back = cache.get("k").orElseThrow().as(value.getClass());
            assertThat(back).isEqualTo(value);
        }
        cache.put("k", Map.of("at", now, "for", Duration.ofMinutes(90)));
        assertThat(cache.get("k").orElseThrow().value().get("at").textValue()).isEqualTo(now.toString());
        assertThat(cache.get("k").orElseThrow().value().get("for").textValue()).isEqualTo("PT1H30M");
    }

    @Test
    @Feature("U-03")
    void membersOfANewerVersionArePassedOver() {
        CoordinatorClient client = connect();
        client.cache().put("k", Map.of("item", "a", "note", "n", "price", Map.of("net", 1), "tags", List.of("x")));
        Line line = new Line("a", Optional.of("n"), OptionalInt.empty());
        assertThat(client.cache().get("k").orElseThrow().as(Line.class)).isEqualTo(line);
        assertThat(client.cache().get("k").orElseThrow().as(new TypeReference<Line>() {}))
                .isEqualTo(line);
        client.builds()
                .getOrBuild(
                        "b",
                        JsonNode.class,
                        context -> client.cache().get("k").orElseThrow().value(),
                        LONG);
        assertThat(client.builds().get("b", Line.class)).isEqualTo(line);
        CoordinatorClient strict = connect(config -> config.objectMapper(new JsonMapper()));
        assertThatThrownBy(() -> strict.cache().get("k").orElseThrow().as(Point.class))
                .as("a caller's own mapper decides for its types")
                .isInstanceOf(ValidationException.class);
    }

    private static final List<String> NUMBERS = List.of(
            "0.12345678901234567890",
            "1.0",
            "1",
            "1.10",
            "0.00",
            "100",
            "123456789012345678901234567890",
            "-9223372036854775809",
            "3.14159265358979323846264338327950288",
            "9007199254740993.0",
            "1E+400",
            "1.000E-400");

    @Test
    @Feature("C-43")
    void numbersKeepTheirDigitsThroughTrees() {
        for (CoordinatorClient client : List.of(connect(), connect(config -> config.objectMapper(new JsonMapper())))) {
            for (String number : NUMBERS) {
                String text = "{\"n\":" + number + ",\"list\":[" + number + "]}";
                client.cache().put("k", new RawValue(text));
                JsonNode value = client.cache().get("k").orElseThrow().value();
                assertThat(value.get("n").decimalValue()).isEqualTo(new BigDecimal(number));
                client.cache().put("copy", value);
                assertThat(text(client, "copy")).isEqualTo(text);
                JsonNode built = client.builds().getOrBuild(number, JsonNode.class, context -> value, LONG);
                client.cache().put("copy", built);
                assertThat(text(client, "copy")).isEqualTo(text);
                client.cache()
                        .put("copy", client.builds().status(number).value().orElseThrow());
                assertThat(text(client, "copy")).isEqualTo(text);
            }
        }
    }

    private record Loose(Object number, Map<String, Object> numbers, Number any, BigDecimal exact) {}

    private record Holder(JsonNode tree, List<JsonNode> trees) {}

    @Test
    @Feature("C-43")
    void numbersKeepTheirDigitsThroughTreesWithinOtherValues() {
        CoordinatorClient client = connect(config -> config.objectMapper(new JsonMapper()));
        for (String number : NUMBERS) {
            String text = "{\"tree\":%1$s,\"trees\":[{\"n\":%1$s}]}".formatted(number);
            client.cache().put("k", new RawValue(text));
            client.cache().put("copy", client.cache().get("k").orElseThrow().as(Holder.class));
            assertThat(text(client, "copy")).isEqualTo(text);
        }
    }

    @Test
    @Feature("C-43")
    void numbersOfNoCertainTypeKeepTheirDigits() {
        CoordinatorClient client = connect();
        for (String number : NUMBERS) {
            String text = "{\"number\":%1$s,\"numbers\":{\"n\":%1$s},\"any\":%1$s,\"exact\":%1$s}".formatted(number);
            client.cache().put("k", new RawValue(text));
            client.cache().put("copy", client.cache().get("k").orElseThrow().as(Loose.class));
            assertThat(text(client, "copy")).isEqualTo(text);
            client.cache()
                    .put("copy", client.cache().get("k").orElseThrow().as(new TypeReference<Map<String, Object>>() {}));
            assertThat(text(client, "copy")).isEqualTo(text);
        }
        client.cache().put("k", 1.5);
        assertThat(client.cache().get("k").orElseThrow().as(Double.class)).isEqualTo(1.5);
        client.cache().put("k", BigInteger.TWO.pow(200));
        assertThat(client.cache().get("k").orElseThrow().as(BigInteger.class)).isEqualTo(BigInteger.TWO.pow(200));
    }

    private static String text(CoordinatorClient client, String key) {
        return new String(client.cache().get(key).orElseThrow().json(), StandardCharsets.UTF_8);
    }
}
