package io.coordinator.document;

import static io.coordinator.document.Editing.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What values cost in memory, and that what is packed is what was put in. */
class PackingTest {
    private static final int BYTES = 1 << 20;
    private static final int RATIO_MAX = 8;

    private static final int READINGS = 4;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    private static String many(String item) {
        return many(item, BYTES);
    }

    private static String many(String item, int bytes) {
        int count = Math.max(1, (bytes - 1) / (item.length() + 1));
        return "[" + (item + ",").repeat(count - 1) + item + "]";
    }

    private static String text(int length) {
        return "\"" + "x".repeat(length) + "\"";
    }

    private static String members(int count, String value) {
        return IntStream.range(0, count)
                .mapToObj(i -> "\"" + Integer.toString(i, Character.MAX_RADIX) + "\":" + value)
                .collect(Collectors.joining(",", "{", "}"));
    }

    static Stream<String> shapes() {
        Stream<String> small = Stream.of(
                        "0", "12", "{\"a\":0}", "[]", "{}", "true", "\"\"", "[[]]", "[0,[1,{\"a\":[]}]]")
                .map(PackingTest::many);
        Stream<String> texts =
                IntStream.of(1, 3, 30, 64, 126, 127, 254, 1_000, 100_000).mapToObj(length -> many(text(length)));
        Stream<String> containers = IntStream.of(20, 63, 65, 128)
                .boxed()
                .flatMap(length -> Stream.of(many(many("0", 2 * length)), many(members(length / 6, "0"))));
        Stream<String> objects = Stream.of(
                members(100_000, "0"),
                members(80_000, "\"\""),
                members(7_000, text(128)),
                members(7_000, many("0", 130)));
        Stream<String> deep = IntStream.of(10, 250)
                .boxed()
                .flatMap(levels -> IntStream.of(0, 129, 4_000)
                        .boxed()
                        .flatMap(length -> Stream.of(
                                many("[".repeat(levels) + text(length) + "]".repeat(levels)),
                                many("{\"\":".repeat(levels) + text(length) + "}".repeat(levels)))));
        return Stream.of(small, texts, containers, objects, deep).flatMap(shapes -> shapes);
    }

    @ParameterizedTest
    @Tag("slow")
    @Feature("C-02b")
    @MethodSource("shapes")
    void aValueCostsAFewTimesItsText(String text) {
        long before = heap();
        Value value = json(text);
        long cost = heap() - before;
        assertThat(value.bytes()).isEqualTo(text.length());
        assertThat((double) cost / text.length()).isLessThan(RATIO_MAX);
    }

    @Test
    @Tag("slow")
    @Feature("C-02b")
    void editsDoNotUndoThePacking() {
        long before = heap();
        ArrayValue array = (ArrayValue) json(many("10", 300_000));
        for (int i = 0; i < 100_000; i++) {
            int index = random.nextInt(array.length());
            Value value = random.nextInt(50) == 0 ? json(text(random.nextInt(200))) : json(Integer.toString(i % 1_000));
            array = switch (random.nextInt(5)) {
                case 0, 1 -> array.insert(index, value, Meter.UNMETERED);
                case 2, 3 -> array.remove(index, Meter.UNMETERED);
                default -> array.set(index, value, Meter.UNMETERED);
            };
        }
        ObjectValue object = ObjectValue.EMPTY;
        for (int i = 0; i < 100_000; i++) {
            String name = Integer.toString(random.nextInt(30_000), Character.MAX_RADIX);
            object = random.nextInt(3) == 0 && object.get(name) != null
                    ? object.remove(name, Meter.UNMETERED)
                    : object.put(name, json(Integer.toString(i % 1_000)), Meter.UNMETERED);
        }
        long cost = heap() - before;
        assertThat((double) cost / (array.bytes() + object.bytes()))
                .as("seed %s", seed)
                .isLessThan(RATIO_MAX);
        assertThat(array.hash())
                .as("seed %s", seed)
                .isEqualTo(json(array.toString()).hash());
        assertThat(object.hash())
                .as("seed %s", seed)
                .isEqualTo(json(object.toString()).hash());
    }

    /** After a collection; the least of several readings, since other threads of this JVM allocate meanwhile. */
    private static long heap() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < READINGS; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    @Test
    @Feature({"C-02b", "C-03"})
    void whatIsPackedIsWhatWasPutIn() {
        for (int round = 0; round < 100; round++) {
            Value value = some(5);
            String text = value.toString();
            Value parsed = json(text);
            assertThat(parsed).as("seed %s", seed).hasToString(text);
            assertThat(parsed.hash()).as("seed %s, %s", seed, text).isEqualTo(value.hash());
            assertThat(parsed.depth()).as("seed %s, %s", seed, text).isEqualTo(value.depth());
            assertThat(parsed.bytes()).isEqualTo(value.bytes());
            assertThat(Equality.same(parsed, value, Meter.UNMETERED))
                    .as("seed %s", seed)
                    .isTrue();
            Value unpacked = unpacked(parsed);
            assertThat(unpacked).as("seed %s", seed).hasToString(text);
            assertThat(unpacked.hash()).as("seed %s, %s", seed, text).isEqualTo(value.hash());
        }
    }

    /** Taken to pieces and put together again one by one. */
    private static Value unpacked(Value value) {
        if (value instanceof ArrayValue array) {
            ArrayValue made = ArrayValue.EMPTY;
            for (int i = 0; i < array.length(); i++) {
                made = made.insert(i, unpacked(array.get(i)), Meter.UNMETERED);
            }
            return made;
        }
        if (value instanceof ObjectValue object) {
            ObjectValue made = ObjectValue.EMPTY;
            for (Member member : object.inOrder(Meter.UNMETERED)) {
                made = made.put(member.name(), unpacked(member.value()), Meter.UNMETERED);
            }
            return made;
        }
        return value;
    }

    private Value some(int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 8)) {
            case 0 -> json(Integer.toString(random.nextInt(100_000)));
            case 1 -> json("null");
            case 2 -> Scalar.string(name(random.nextInt(20) == 0 ? 400 : 8));
            case 3 -> json("-1.5E7");
            case 4, 5 -> {
                List<Value> items = new ArrayList<>();
                for (int i = random.nextInt(20); i > 0; i--) {
                    items.add(some(depth - 1));
                }
                yield ArrayValue.of(items);
            }
            case 6 -> ArrayValue.of(List.of(some(depth - 1)));
            default -> {
                Map<String, Value> members = new LinkedHashMap<>();
                for (int i = random.nextInt(20); i > 0; i--) {
                    members.put(name(random.nextInt(10) == 0 ? 200 : 4), some(depth - 1));
                }
                yield ObjectValue.of(members);
            }
        };
    }

    /** Of characters of every kind. */
    private String name(int lengthMax) {
        String alphabet = "ab,:[]{}\"\\\n\u0001\u007f é€/~0";
        StringBuilder name = new StringBuilder();
        for (int i = random.nextInt(lengthMax); i > 0; i--) {
            name.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return random.nextInt(5) == 0 ? name.append("😀").toString() : name.toString();
    }
}
