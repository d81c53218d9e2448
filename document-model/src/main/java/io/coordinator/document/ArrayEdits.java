package io.coordinator.document;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Comparison;
import io.coordinator.protocol.EditResult;
import io.coordinator.protocol.EditResult.Status;
import io.coordinator.protocol.RemoveItem;
import io.coordinator.protocol.SetItem;
import io.coordinator.protocol.SpliceItems;
import io.coordinator.protocol.UpdateItem;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Edits of arrays (DJ-PUSH-* to DJ-UPD-*). */
final class ArrayEdits {
    private static final int NO_MATCH = -1;

    private final Draft draft;

    ArrayEdits(Draft draft) {
        this.draft = draft;
    }

    EditResult push(List<String> path, List<ByteString> texts) {
        ArrayValue values = parse(texts);
        ArrayValue array = array(path);
        if (values == null || array == null) {
            return problem(path, values == null ? texts : List.of());
        }
        return insertAll(path, array, array.length(), values);
    }

    EditResult unshift(List<String> path, List<ByteString> texts) {
        ArrayValue values = parse(texts);
        ArrayValue array = array(path);
        if (values == null || array == null) {
            return problem(path, values == null ? texts : List.of());
        }
        return insertAll(path, array, 0, values);
    }

    EditResult take(List<String> path, boolean last) {
        ArrayValue array = array(path);
        if (array == null) {
            return problem(path, List.of());
        }
        if (array.length() == 0) {
            return Edits.of(Status.EMPTY);
        }
        int index = last ? array.length() - 1 : 0;
        draft.removeItem(path, index);
        return done(array.get(index, draft.meter()), array.length() - 1);
    }

    /** By JavaScript's rules (DJ-SPL-2). */
    EditResult splice(List<String> path, SpliceItems splice) {
        ArrayValue values = parse(splice.getValuesList());
        ArrayValue array = array(path);
        if (values == null || array == null) {
            return problem(path, values == null ? splice.getValuesList() : List.of());
        }
        int length = array.length();
        long from = splice.getStart() < 0 ? Math.max(0, length + splice.getStart()) : splice.getStart();
        int start = (int) Math.min(from, length);
        int count = (int) Math.max(0, Math.min(splice.getCount(), length - start));
        Value removed = array.slice(start, count);
        Status made = count == 0 && values.length() == 0 ? Status.DONE : draft.splice(path, start, count, values);
        return made == Status.DONE ? done(removed, length - count + values.length()) : Edits.of(made);
    }

    EditResult removeItem(List<String> path, RemoveItem remove) {
        Value item = JsonText.parseIfValid(remove.getItem(), draft.meter());
        ArrayValue array = array(path);
        if (item == null || array == null) {
            return problem(path, item == null ? List.of(remove.getItem()) : List.of());
        }
        int index = find(array, item, remove.hasKey() ? remove.getKey() : null, remove.getComparison());
        if (index == NO_MATCH) {
            return Edits.of(Status.NO_MATCH);
        }
        draft.removeItem(path, index);
        return done(array.get(index, draft.meter()), array.length() - 1);
    }

    /** Two objects are merged, member by member. */
    EditResult updateItem(List<String> path, UpdateItem update) {
        Value item = JsonText.parseIfValid(update.getItem(), draft.meter());
        Value with = JsonText.parseIfValid(update.getUpdate(), draft.meter());
        ArrayValue array = array(path);
        if (item == null || with == null || array == null) {
            return problem(
                    path, item == null || with == null ? List.of(update.getItem(), update.getUpdate()) : List.of());
        }
        int index = find(array, item, update.hasKey() ? update.getKey() : null, update.getComparison());
        if (index == NO_MATCH) {
            return Edits.of(Status.NO_MATCH);
        }
        Status made;
        if (!update.getReplace()
                && array.get(index, draft.meter()) instanceof ObjectValue
                && with instanceof ObjectValue members) {
            made = draft.putAll(Draft.below(path, Integer.toString(index)), members);
        } else {
            made = draft.setItem(path, index, with);
        }
        return made == Status.DONE ? done(array.length()) : Edits.of(made);
    }

    EditResult set(List<String> path, SetItem set) {
        Value value = JsonText.parseIfValid(set.getValue(), draft.meter());
        ArrayValue array = array(path);
        if (value == null || array == null) {
            return problem(path, value == null ? List.of(set.getValue()) : List.of());
        }
        if (set.getIndex() < 0 || set.getIndex() >= array.length()) {
            return Edits.of(Status.OUT_OF_RANGE);
        }
        Status made = draft.setItem(path, (int) set.getIndex(), value);
        return made == Status.DONE ? done(array.length()) : Edits.of(made);
    }

    EditResult insert(List<String> path, SetItem insert) {
        Value value = JsonText.parseIfValid(insert.getValue(), draft.meter());
        ArrayValue array = array(path);
        if (value == null || array == null) {
            return problem(path, value == null ? List.of(insert.getValue()) : List.of());
        }
        if (insert.getIndex() < 0 || insert.getIndex() > array.length()) {
            return Edits.of(Status.OUT_OF_RANGE);
        }
        Status made = draft.insert(path, (int) insert.getIndex(), value);
        return made == Status.DONE ? done(array.length() + 1) : Edits.of(made);
    }

    private EditResult insertAll(List<String> path, ArrayValue array, int index, ArrayValue values) {
        Status made = values.length() == 0 ? Status.DONE : draft.splice(path, index, 0, values);
        return made == Status.DONE ? done(array.length() + values.length()) : Edits.of(made);
    }

    /** The first element that matches; others than objects have no keys and are passed over (DJ-REM-2). */
    private int find(ArrayValue array, Value item, @Nullable String key, Comparison how) {
        Value wanted = key == null ? item : Path.step(item, key, draft.meter());
        if (wanted == null) {
            return NO_MATCH;
        }
        int index = 0;
        Meter meter = draft.meter();
        for (Iterator<Value> elements = array.iterator(meter); elements.hasNext(); ) {
            meter.steps("searching", 1);
            Value element = elements.next();
            Value compared =
                    key == null ? element : element instanceof ObjectValue object ? object.get(key, meter) : null;
            if (compared != null && Equality.same(compared, wanted, how, meter)) {
                return index;
            }
            index++;
        }
        return NO_MATCH;
    }

    private @Nullable ArrayValue array(List<String> path) {
        return draft.find(path) instanceof ArrayValue array ? array : null;
    }

    /** @param texts those of which one is no value; empty if all are */
    private EditResult problem(List<String> path, List<ByteString> texts) {
        if (!texts.isEmpty()) {
            return Edits.of(
                    texts.stream().anyMatch(text -> JsonText.hasLongName(text, draft.meter()))
                            ? Status.NAME_TOO_LONG
                            : Status.UNKNOWN);
        }
        return Edits.of(draft.find(path) == null ? Status.NO_SUCH_PATH : Status.NOT_AN_ARRAY);
    }

    private @Nullable ArrayValue parse(List<ByteString> texts) {
        List<Value> values = new ArrayList<>(texts.size());
        for (ByteString text : texts) {
            Value value = JsonText.parseIfValid(text, draft.meter());
            if (value == null) {
                return null;
            }
            values.add(value);
        }
        return ArrayValue.of(values);
    }

    private static EditResult done(int length) {
        return EditResult.newBuilder().setLength(length).build();
    }

    private EditResult done(Value taken, int length) {
        return Edits.taken(taken, draft.meter()).setLength(length).build();
    }
}
