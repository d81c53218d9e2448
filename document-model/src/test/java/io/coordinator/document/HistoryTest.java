package io.coordinator.document;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Comparison;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/**
 * What an edit counts and answers depends on the value alone and not on how it came about: one replica has made all the edits, another one has
 * read what they left behind from a snapshot.
 */
@Feature({"C-04", "G-12"})
class HistoryTest {
    private static final int STEPS = 1_500;
    private static final int BYTES_MAX = 60_000;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private Value value = Editing.json("{\"l\":[],\"o\":{}}");

    /** What came of an edit; as much as was counted until it was refused, too: the rest of an entry has that much less. */
    private record Outcome(Edits.@Nullable Outcome made, long bytes, long steps) {
        String results() {
            return made == null
                    ? "refused"
                    : made.results() + " " + made.patch().toStringUtf8();
        }
    }

    @RepeatedTest(4)
    void equalValuesCountAlike() {
        for (int step = 0; step < STEPS; step++) {
            if (value.bytes() > BYTES_MAX) {
                value = Editing.json("{\"l\":[],\"o\":{}}");
            }
            List<DocumentEdit> edits = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                edits.add(edit());
            }
            Value read = Editing.json(value.toString());
            assertThat(read.hash()).as("seed %s, step %s", seed, step).isEqualTo(value.hash());
            long stepsMax = random.nextInt(4) == 0 ? random.nextInt(5_000) : Long.MAX_VALUE;
            Outcome live = apply(value, edits, stepsMax);
            Outcome restored = apply(read, edits, stepsMax);
            assertThat(live.results())
                    .as("seed %s, step %s, %s", seed, step, edits)
                    .isEqualTo(restored.results());
            assertThat(live.steps())
                    .as("seed %s, step %s, %s", seed, step, edits)
                    .isEqualTo(restored.steps());
            assertThat(live.bytes()).as("seed %s, step %s", seed, step).isEqualTo(restored.bytes());
            value = live.made() == null ? value : live.made().root();
        }
    }

    /** An array that was emptied and one that was read are not one object. */
    @Test
    void whatWasEmptiedCountsAsWhatWasReadEmpty() {
        Value one = Editing.json("[1]");
        Edits.Outcome popped =
                apply(one, List.of(Editing.pop("")), Long.MAX_VALUE).made();
        Value emptied = popped == null ? one : popped.root();
        List<DocumentEdit> edits = List.of(Editing.merge("", "[]"), Editing.test(List.of(), "[]"));

        Outcome live = apply(emptied, edits, Long.MAX_VALUE);
        Outcome restored = apply(Editing.json("[]"), edits, Long.MAX_VALUE);

        assertThat(live.steps()).isEqualTo(restored.steps());
    }

    private static Outcome apply(Value root, List<DocumentEdit> edits, long stepsMax) {
        Tally tally = new Tally(Long.MAX_VALUE, stepsMax);
        try {
            Edits.Outcome made = (Edits.Outcome) Edits.apply(root, edits, true, Edits.BYTES_MAX, tally);
            return new Outcome(made, tally.bytes(), tally.steps());
        } catch (OverBudgetException e) {
            return new Outcome(null, tally.bytes(), tally.steps());
        }
    }

    // ---- edits ----

    private DocumentEdit edit() {
        List<String> path = container(value, new ArrayList<>());
        String dotted = String.join(".", path);
        Value target = Path.find(value, path);
        if (random.nextInt(8) == 0) {
            return whole(path);
        }
        return target instanceof ArrayValue array ? ofArray(dotted, array) : ofObject(dotted);
    }

    private DocumentEdit whole(List<String> path) {
        Value target = Path.find(value, path);
        return switch (random.nextInt(4)) {
            case 0 -> Editing.test(path, String.valueOf(target));
            case 1 -> Editing.copy(path, List.of("o", name()));
            case 2 -> Editing.move(path, List.of("o", name()));
            default -> Editing.merge(String.join(".", path), some(2));
        };
    }

    private DocumentEdit ofArray(String path, ArrayValue array) {
        int index = random.nextInt(array.length() + 1);
        String one = array.length() == 0
                ? "1"
                : array.get(random.nextInt(array.length())).toString();
        return switch (random.nextInt(10)) {
            case 0, 1, 2 -> Editing.insertItem(path, index, some(2));
            case 3 -> Editing.setItem(path, index, some(2));
            case 4 -> Editing.splice(path, index, random.nextInt(3), some(1), some(2));
            case 5 -> Editing.removeItem(path, one, null, Comparison.DEEP);
            case 6 -> Editing.removeItem(path, "\"7\"", null, Comparison.LOOSE);
            case 7 -> Editing.removeItem(path, "{\"a\":1}", "a", Comparison.DEEP);
            case 8 -> random.nextBoolean() ? Editing.pop(path) : Editing.shift(path);
            default -> Editing.updateItem(path, one, null, some(1), random.nextBoolean());
        };
    }

    private DocumentEdit ofObject(String path) {
        return switch (random.nextInt(5)) {
            case 0, 1 -> Editing.set(path, name(), some(3));
            case 2 -> Editing.remove(path, name());
            case 3 -> Editing.increment(path.isEmpty() ? name() : path + "." + name(), 1);
            default -> Editing.createPath(path.isEmpty() ? name() : path + "." + name());
        };
    }

    /** The way to some array or object; most often not a deep one, and never far into what is very deep. */
    private List<String> container(Value at, List<String> path) {
        if (at.length() == 0 || random.nextInt(3) == 0) {
            return path;
        }
        Value next = null;
        String step = "";
        if (at instanceof ArrayValue array) {
            int index = random.nextInt(array.length());
            step = Integer.toString(index);
            next = array.get(index);
        } else if (at instanceof ObjectValue object) {
            List<Member> members = object.inOrder(Meter.UNMETERED);
            Member member = members.get(random.nextInt(members.size()));
            step = member.name();
            next = member.value();
        }
        if (next == null || next instanceof Scalar) {
            return path;
        }
        path.add(step);
        return container(next, path);
    }

    // ---- values ----

    private String name() {
        String name = "abcdefghijklmnopqrstuvwxyz".substring(random.nextInt(26)).substring(0, 1);
        return random.nextInt(12) == 0 ? name.repeat(100 + random.nextInt(300)) : name;
    }

    private String some(int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 9)) {
            case 0, 1 -> Integer.toString(random.nextInt(10));
            case 2 -> List.of("null", "true", "[]", "{}").get(random.nextInt(4));
            case 3 -> '"' + "x".repeat(random.nextInt(random.nextInt(8) == 0 ? 700 : 60)) + '"';
            case 4, 5 -> '[' + items(depth - 1) + ']';
            case 6, 7 -> '{' + members(depth - 1) + '}';
            default -> deep(depth - 1);
        };
    }

    private String items(int depth) {
        StringBuilder items = new StringBuilder();
        for (int i = random.nextInt(random.nextInt(5) == 0 ? 60 : 5); i > 0; i--) {
            items.append(items.isEmpty() ? "" : ",").append(some(depth));
        }
        return items.toString();
    }

    private String members(int depth) {
        StringBuilder members = new StringBuilder();
        for (int i = random.nextInt(random.nextInt(5) == 0 ? 26 : 4); i > 0; i--) {
            members.append(members.isEmpty() ? "" : ",").append('"' + name() + "\":" + some(depth));
        }
        return members.toString();
    }

    /** Many levels with little in each, or with much in some of them, so that the whole is packed and parts of it would not be. */
    private String deep(int depth) {
        int levels = 1 + random.nextInt(60);
        String text = some(depth);
        for (int i = 0; i < levels; i++) {
            String beside = '"' + "y".repeat(random.nextInt(i < levels / 2 ? 110 : 20)) + '"';
            text = random.nextBoolean() ? "[" + beside + "," + text + "]" : "{\"a\":" + beside + ",\"n\":" + text + "}";
        }
        return text;
    }
}
