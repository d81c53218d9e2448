package io.coordinator.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.protocol.Comparison;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.EditResult.Status;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * 100,000 random edits side by side with a plain tree of Jackson's that is changed in place. After each, both say the same; the
 * value knows its length, its hash and its depth as if it had just been read; and its own account of the change, a JSON Patch,
 * leads from the value before to the value after.
 */
class EditsAgainstModelTest {
    private static final int STEPS = 100_000;
    private static final int NODES_MAX = 300;
    /** With texts and arrays that are packed and others that are not. */
    private static final int MIXED_STEPS = 8_000;

    private static final int MIXED_NODES_MAX = 2_000;
    private static final ObjectMapper MAPPER = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    private static final List<String> NAMES =
            List.of("a", "b", "c", "", "0", "x/y", "~", "é\u0001\"\\", "n".repeat(Path.STEP_BYTES_MAX));

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);
    private Value value = ObjectValue.EMPTY;
    private JsonNode model = MAPPER.createObjectNode();
    private boolean mixed;

    @Test
    @Feature({"DJ-SET-1", "DJ-PUSH-1", "DJ-SPL-2", "DJ-POP-1", "DJ-SHIFT-1", "B-23", "B-24"})
    void doesWhatTheModelDoes() {
        run(STEPS, NODES_MAX);
    }

    @Test
    @Feature({"C-02", "C-02b", "C-03"})
    void doesWhatTheModelDoesWithSmallAndLarge() {
        mixed = true;
        run(MIXED_STEPS, MIXED_NODES_MAX);
    }

    private void run(int steps, int nodesMax) {
        for (int step = 0; step < steps; step++) {
            if (count(model) > nodesMax) {
                value = ObjectValue.EMPTY;
                model = MAPPER.createObjectNode();
            }
            JsonNode before = model.deepCopy();
            String what = step();
            assertThat(read(value.toString()))
                    .as("%s on %s, step %s, seed %s", what, before, step, seed)
                    .isEqualTo(model);
            if (step % 10 == 0) {
                checkMeasures(what);
            }
        }
    }

    private void checkMeasures(String what) {
        Value fresh = Editing.json(value.toString());
        assertThat(value.hash()).as("%s, seed %s", what, seed).isEqualTo(fresh.hash());
        assertThat(value.bytes()).isEqualTo(JsonText.write(value).size());
        assertThat(value.depth()).isEqualTo(fresh.depth());
        assertThat(Equality.same(value, fresh, Meter.UNMETERED)).isTrue();
    }

    private String step() {
        List<String> path = somePath();
        String dotted = String.join(".", path);
        if (path.stream().anyMatch(String::isEmpty)) {
            return "nothing"; // The short notation of paths has no empty names.
        }
        JsonNode target = find(path);
        String json = someJson(2);
        String name = NAMES.get(random.nextInt(NAMES.size()));
        int index = random.nextInt(6) - 1;
        return switch (random.nextInt(13)) {
            case 0 -> {
                if (target instanceof ObjectNode object) {
                    object.set(name, read(json));
                }
                yield apply(Editing.set(dotted, name, json), target instanceof ObjectNode);
            }
            case 1 -> {
                boolean made = target instanceof ObjectNode object && object.remove(name) != null;
                yield apply(Editing.remove(dotted, name), made);
            }
            case 2 -> {
                if (target instanceof ArrayNode array) {
                    array.add(read(json));
                }
                yield apply(Editing.push(dotted, json), target instanceof ArrayNode);
            }
            case 3 -> {
                if (target instanceof ArrayNode array) {
                    array.insert(0, read(json));
                    array.insert(1, read("7"));
                }
                yield apply(Editing.unshift(dotted, json, "7"), target instanceof ArrayNode);
            }
            case 4 -> {
                if (target instanceof ArrayNode array && !array.isEmpty()) {
                    array.remove(array.size() - 1);
                }
                yield apply(Editing.pop(dotted), target instanceof ArrayNode);
            }
            case 5 -> {
                if (target instanceof ArrayNode array && !array.isEmpty()) {
                    array.remove(0);
                }
                yield apply(Editing.shift(dotted), target instanceof ArrayNode);
            }
            case 6 -> splice(dotted, target, random.nextInt(9) - 4, random.nextInt(5) - 1, json);
            case 7 -> removeItem(dotted, target, json);
            case 8 -> {
                boolean made = target instanceof ArrayNode array && index >= 0 && index < array.size();
                if (made && target instanceof ArrayNode array) {
                    array.set(index, read(json));
                }
                yield apply(Editing.setItem(dotted, index, json), made);
            }
            case 9 -> {
                boolean made = target instanceof ArrayNode array && index >= 0 && index <= array.size();
                if (made && target instanceof ArrayNode array) {
                    array.insert(index, read(json));
                }
                yield apply(Editing.insertItem(dotted, index, json), made);
            }
            case 10 -> increment(path, dotted, target);
            case 11 -> merge(path, dotted, target, json);
            default -> {
                if (path.isEmpty()) {
                    yield "nothing";
                }
                boolean made = target != null;
                if (made) {
                    removeAt(path);
                }
                yield apply(Editing.removeValue(path), made);
            }
        };
    }

    private String splice(String path, @Nullable JsonNode target, int start, int count, String json) {
        if (target instanceof ArrayNode array) {
            int from = start < 0 ? Math.max(0, array.size() + start) : Math.min(start, array.size());
            int removed = Math.max(0, Math.min(count, array.size() - from));
            for (int i = 0; i < removed; i++) {
                array.remove(from);
            }
            array.insert(from, read(json));
        }
        return apply(Editing.splice(path, start, count, json), target instanceof ArrayNode);
    }

    private String removeItem(String path, @Nullable JsonNode target, String json) {
        int found = -1;
        if (target instanceof ArrayNode array) {
            for (int i = array.size() - 1; i >= 0; i--) {
                found = array.get(i).equals(read(json)) ? i : found;
            }
            if (found >= 0) {
                array.remove(found);
            }
        }
        return apply(Editing.removeItem(path, json, null, Comparison.DEEP), found >= 0);
    }

    private String increment(List<String> path, String dotted, @Nullable JsonNode target) {
        boolean made = false;
        if (!path.isEmpty() && (target == null || target.isInt())) {
            JsonNode parent = find(path.subList(0, path.size() - 1));
            String last = path.get(path.size() - 1);
            int sum = (target == null ? 0 : target.asInt()) + 3;
            if (parent instanceof ObjectNode object) {
                object.put(last, sum);
                made = true;
            } else if (parent instanceof ArrayNode array && target != null) {
                array.set(Integer.parseInt(last), MAPPER.getNodeFactory().numberNode(sum));
                made = true;
            }
        } else if (path.isEmpty() && target != null && target.isInt()) {
            model = MAPPER.getNodeFactory().numberNode(target.asInt() + 3);
            made = true;
        }
        return apply(Editing.increment(dotted, 3), made);
    }

    private String merge(List<String> path, String dotted, @Nullable JsonNode target, String json) {
        if (target != null) {
            put(path, merged(target, read(json)));
        }
        return apply(Editing.merge(dotted, json), target != null);
    }

    /** The algorithm of RFC 7396 §2, word by word. */
    private static JsonNode merged(JsonNode target, JsonNode patch) {
        if (!patch.isObject()) {
            return patch;
        }
        ObjectNode result = target instanceof ObjectNode object ? object.deepCopy() : MAPPER.createObjectNode();
        patch.properties().forEach(member -> {
            if (member.getValue().isNull()) {
                result.remove(member.getKey());
            } else {
                JsonNode old = result.get(member.getKey());
                result.set(member.getKey(), merged(old == null ? MAPPER.missingNode() : old, member.getValue()));
            }
        });
        return result;
    }

    private String apply(DocumentEdit edit, boolean made) {
        Value before = value;
        Tally tally = Tally.unlimited();
        Edits.Outcome outcome = (Edits.Outcome) Edits.apply(value, List.of(edit), true, Edits.BYTES_MAX, tally);
        long in = edit.getSerializedSize();
        assertThat(tally.bytes())
                .as("bytes of %s on %s, seed %s", edit, before, seed)
                .isLessThanOrEqualTo(2 * before.bytes() + 2 * in + Changes.SMALL_BYTES + 100);
        assertThat(tally.steps())
                .as("steps of %s on %s, seed %s", edit, before, seed)
                .isLessThanOrEqualTo(before.bytes() + before.depth() * in + 3 * in + 10);
        assertThat(outcome.patch().size()).isEqualTo((int) tally.patchBytes());
        Status status = outcome.results().get(0).getStatus();
        assertThat(status == Status.DONE || status == Status.EMPTY)
                .as("%s on %s is %s, seed %s", edit, before, status, seed)
                .isEqualTo(made);
        value = outcome.root();
        if (outcome.changed()) {
            assertThat(patched(before, outcome))
                    .as(
                            "%s on %s told as %s, seed %s",
                            edit, before, outcome.patch().toStringUtf8(), seed)
                    .isEqualTo(value.toString());
        } else {
            assertThat(value).isSameAs(before);
        }
        return edit.getOperationCase() + " at " + edit.getPathList();
    }

    private static String patched(Value before, Edits.Outcome outcome) {
        List<DocumentEdit> edits = new ArrayList<>();
        for (JsonNode one : read(outcome.patch().toStringUtf8())) {
            List<String> path = pointer(one.get("path").textValue());
            String content = one.path("value").toString();
            edits.add(
                    switch (one.get("op").textValue()) {
                        case "add" -> Editing.add(path, content);
                        case "replace" -> Editing.replace(path, content);
                        default -> Editing.removeValue(path);
                    });
        }
        Edits.Outcome again = Editing.outcome(before, false, edits.toArray(DocumentEdit[]::new));
        assertThat(again.failed()).isNegative();
        return again.root().toString();
    }

    private static List<String> pointer(String text) {
        List<String> path = new ArrayList<>();
        if (!text.isEmpty()) {
            for (String step : text.substring(1).split("/", -1)) {
                path.add(step.replace("~1", "/").replace("~0", "~"));
            }
        }
        return path;
    }

    // ---- the model ----

    private List<String> somePath() {
        List<String> path = new ArrayList<>();
        JsonNode at = model;
        while (random.nextInt(4) != 0) {
            if (at instanceof ObjectNode object && !object.isEmpty()) {
                List<String> names = new ArrayList<>();
                object.fieldNames().forEachRemaining(names::add);
                path.add(names.get(random.nextInt(names.size())));
            } else if (at instanceof ArrayNode array && !array.isEmpty()) {
                path.add(Integer.toString(random.nextInt(array.size() + 1)));
            } else {
                path.add(NAMES.get(random.nextInt(NAMES.size())));
            }
            at = find(path);
        }
        return path;
    }

    private @Nullable JsonNode find(List<String> path) {
        JsonNode at = model;
        for (String step : path) {
            at = at instanceof ArrayNode array
                    ? (step.matches("0|[1-9]\\d*") ? array.get(Integer.parseInt(step)) : null)
                    : at instanceof ObjectNode object ? object.get(step) : null;
            if (at == null) {
                return null;
            }
        }
        return at;
    }

    private void put(List<String> path, JsonNode node) {
        if (path.isEmpty()) {
            model = node;
            return;
        }
        JsonNode parent = find(path.subList(0, path.size() - 1));
        String last = path.get(path.size() - 1);
        if (parent instanceof ObjectNode object) {
            object.set(last, node);
        } else if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(last), node);
        }
    }

    private void removeAt(List<String> path) {
        JsonNode parent = find(path.subList(0, path.size() - 1));
        String last = path.get(path.size() - 1);
        if (parent instanceof ObjectNode object) {
            object.remove(last);
        } else if (parent instanceof ArrayNode array) {
            array.remove(Integer.parseInt(last));
        }
    }

    private String someJson(int depth) {
        return switch (random.nextInt(depth == 0 ? 4 : 7)) {
            case 0 -> Integer.toString(random.nextInt(5));
            case 1 -> "null";
            case 2 -> "\"" + "s".repeat(mixed ? random.nextInt(300) : 1) + random.nextInt(3) + "\"";
            case 3 -> Boolean.toString(random.nextBoolean());
            case 4, 5 -> {
                List<String> items = new ArrayList<>();
                for (int i = random.nextInt(mixed ? 60 : 4); i > 0; i--) {
                    items.add(someJson(depth - 1));
                }
                yield "[" + String.join(",", items) + "]";
            }
            default -> {
                List<String> members = new ArrayList<>();
                for (int i = random.nextInt(3); i > 0; i--) {
                    members.add("\"" + NAMES.get(i) + "\":" + someJson(depth - 1));
                }
                yield "{" + String.join(",", members) + "}";
            }
        };
    }

    private static int count(JsonNode node) {
        int count = 1;
        for (JsonNode child : node) {
            count += count(child);
        }
        return count;
    }

    private static JsonNode read(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
