package io.coordinator.client.internal.document;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.coordinator.client.document.Selector;
import io.coordinator.client.watch.ChangeEvent;
import io.coordinator.document.Edits;
import io.coordinator.document.JsonText;
import io.coordinator.document.Meter;
import io.coordinator.document.Path;
import io.coordinator.document.Value;
import io.coordinator.protocol.AddItems;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.MoveValue;
import io.coordinator.protocol.RemoveItem;
import io.coordinator.protocol.RemoveValue;
import io.coordinator.protocol.ReplaceValue;
import io.coordinator.protocol.SetItem;
import io.coordinator.protocol.SetMember;
import io.coordinator.protocol.SpliceItems;
import io.coordinator.protocol.TakeItem;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who watches a place hears whenever what is there may have changed. */
@Feature({"C-44", "B-09"})
class PlaceListenerTest {
    private static final int STEPS = 20_000;
    private static final String[] STEP_NAMES = {"0", "1", "2", "3", "10", "l", "m", "-", "x"};

    private static ByteString text(String json) {
        return ByteString.copyFromUtf8(json);
    }

    private static Value value(String json) {
        return Objects.requireNonNull(JsonText.parseIfValid(text(json)), json);
    }

    private static Edits.Outcome apply(Value root, List<DocumentEdit> edits) {
        return (Edits.Outcome) Edits.apply(root, edits, true, Edits.BYTES_MAX, Meter.UNMETERED);
    }

    /**
     * What a listener of a place hears of edits, as a node that says where ends are tells them, or as one that does
     * not.
     */
    private static List<JsonNode> heard(List<String> place, Edits.Outcome outcome, boolean withEnds) {
        List<JsonNode> heard = new ArrayList<>();
        if (outcome.changed()) {
            Change.Builder change = Change.newBuilder();
            if (withEnds) {
                change.addAllAppended(outcome.appended());
            }
            JsonNode patch = json(outcome.patch());
            ChangeEvent event = new ChangeEvent(1, ChangeEvent.Data.DOCUMENT, "n", "d", ChangeEvent.Kind.EDITED, patch);
            new PlaceListener(place, one -> one.value().orElseThrow().forEach(heard::add))
                    .onChange(change.build(), event);
        }
        return heard;
    }

    private static JsonNode json(ByteString text) {
        try {
            return new ObjectMapper().readTree(text.toStringUtf8());
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static DocumentEdit.Builder at(List<String> path) {
        return DocumentEdit.newBuilder().addAllPath(path);
    }

    private static DocumentEdit.Builder at(String dotted) {
        return at(Selector.of(dotted).path());
    }

    private static DocumentEdit push(String path, String json) {
        return at(path).setPush(AddItems.newBuilder().addValues(text(json))).build();
    }

    private static int count(String place, String document, DocumentEdit... edits) {
        return heard(Selector.of(place).path(), apply(value(document), List.of(edits)), true)
                .size();
    }

    @Test
    void aPushIsHeardWhereItsElementsComeAndNowhereElse() {
        assertThat(count("list.1", "{\"list\":[0]}", push("list", "1"))).isEqualTo(1);
        assertThat(count("list.1.n", "{\"list\":[0]}", push("list", "{\"n\":1}")))
                .isEqualTo(1);
        assertThat(count("list", "{\"list\":[0]}", push("list", "1"))).isEqualTo(1);
        assertThat(count("", "{\"list\":[0]}", push("list", "1"))).isEqualTo(1);
        assertThat(count("list.1", "{\"list\":[0,1]}", push("list", "2"))).isZero();
        assertThat(count("list.0", "{\"list\":[0,1]}", push("list", "2"))).isZero();
        assertThat(count("list.length", "{\"list\":[0,1]}", push("list", "2"))).isZero();
        DocumentEdit two = at("list")
                .setPush(AddItems.newBuilder().addValues(text("1")).addValues(text("2")))
                .build();
        assertThat(count("list.1", "{\"list\":[0]}", two)).isEqualTo(1);
        assertThat(count("list.2", "{\"list\":[0]}", two)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"list.0,1", "list.1,1", "list.2,1", "list.2.n,1", "list,1", "other.1,0", "list2.1,0"})
    void whatMovesElementsIsHeardBehindIt(String place, int times) {
        DocumentEdit shift = at("list").setShift(TakeItem.getDefaultInstance()).build();
        assertThat(count(place, "{\"list\":[0,1,2],\"other\":[1,2],\"list2\":[1,2]}", shift))
                .isEqualTo(times);
    }

    @Test
    void replacingAnElementMovesNoOther() {
        DocumentEdit first = at("list")
                .setSetItem(SetItem.newBuilder().setIndex(0).setValue(text("9")))
                .build();
        assertThat(count("list.1", "{\"list\":[0,1]}", first)).isZero();
        assertThat(count("list.0", "{\"list\":[0,1]}", first)).isEqualTo(1);
    }

    @Test
    void aMemberWhoseNameIsADashIsNoEnd() {
        DocumentEdit dash = at("o").setSet(SetMember.newBuilder().setName("-").setValue(text("1")))
                .build();
        assertThat(count("o.-", "{\"o\":{}}", dash)).isEqualTo(1);
        assertThat(count("o.m", "{\"o\":{}}", dash)).isZero();
    }

    @Test
    void whoeverSaysNotWhereTheEndIsIsNotMissed() {
        Edits.Outcome outcome = apply(value("{\"list\":[0]}"), List.of(push("list", "1")));
        assertThat(heard(List.of("list", "1"), outcome, false)).hasSize(1);
        assertThat(heard(List.of("list", "7"), outcome, false)).hasSize(1);
        assertThat(heard(List.of("list", "m"), outcome, false)).isEmpty();
    }

    @Test
    void noChangeOfAPlaceIsMissed() {
        long seed = Long.getLong("seed", System.nanoTime());
        System.out.println("PlaceListenerTest runs with -Dseed=" + seed);
        Random random = new Random(seed);
        Value root = value("{}");
        int changes = 0;
        for (int i = 0; i < STEPS; i++) {
            if (root.bytes() > 400 || i % 10 == 0) {
                root = value("{\"l\":[0,[1],{\"m\":[2,3]}],\"m\":{\"l\":[],\"0\":4}}");
            }
            List<DocumentEdit> edits = new ArrayList<>();
            for (int j = random.nextInt(3); j >= 0; j--) {
                edits.add(edit(random));
            }
            Edits.Outcome outcome = apply(root, edits);
            List<String> place = path(random);
            String before = String.valueOf(Path.find(root, place));
            String after = String.valueOf(Path.find(outcome.root(), place));
            if (!before.equals(after)) {
                changes++;
                for (boolean withEnds : new boolean[] {true, false}) {
                    assertThat(heard(place, outcome, withEnds))
                            .as(
                                    "%s of %s by %s (seed %s)",
                                    place, root, outcome.patch().toStringUtf8(), seed)
                            .isNotEmpty();
                }
            }
            root = outcome.root();
        }
        assertThat(changes).isGreaterThan(STEPS / 50);
    }

    private static List<String> path(Random random) {
        List<String> path = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            path.add(STEP_NAMES[random.nextInt(STEP_NAMES.length)]);
        }
        return path;
    }

    private static DocumentEdit edit(Random random) {
        DocumentEdit.Builder edit = at(path(random));
        ByteString value = text(new String[] {"1", "[]", "[5,6]", "{\"m\":7}", "null"}[random.nextInt(5)]);
        ReplaceValue replace = ReplaceValue.newBuilder().setValue(value).build();
        DocumentEdit.Builder made = switch (random.nextInt(13)) {
            case 0 -> edit.setPush(AddItems.newBuilder().addValues(value).addValues(value));
            case 1 -> edit.setUnshift(AddItems.newBuilder().addValues(value));
            case 2 -> edit.setPop(TakeItem.getDefaultInstance());
            case 3 -> edit.setShift(TakeItem.getDefaultInstance());
            case 4 ->
                edit.setSplice(SpliceItems.newBuilder()
                        .setStart(random.nextInt(5) - 2)
                        .setCount(random.nextInt(3))
                        .addValues(value));
            case 5 -> edit.setRemoveItem(RemoveItem.newBuilder().setItem(value));
            case 6 ->
                edit.setInsertItem(
                        SetItem.newBuilder().setIndex(random.nextInt(4)).setValue(value));
            case 7 ->
                edit.setSetItem(SetItem.newBuilder().setIndex(random.nextInt(4)).setValue(value));
            case 8 -> edit.setAdd(replace);
            case 9 -> edit.setRemoveValue(RemoveValue.getDefaultInstance());
            case 10 -> edit.setReplace(replace);
            case 11 -> edit.setMove(MoveValue.newBuilder().addAllFrom(path(random)));
            default -> edit.setMerge(replace);
        };
        return made.build();
    }
}
