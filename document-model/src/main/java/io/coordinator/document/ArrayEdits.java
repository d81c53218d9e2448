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
            return problem(path, values == null);
        }
        return insertAll(path, array.length(), values);
    }

    EditResult unshift(List<String> path, List<ByteString> texts) {
        ArrayValue values = parse(texts);
        if (values == null || array(path) == null) {
            return problem(path, values == null);
        }
        return insertAll(path, 0, values);
    }

    EditResult take(List<String> path, boolean last) {
        ArrayValue array = array(path);
        if (array == null) {
            return problem(path, false);
        }
        if (array.length() == 0) {
            return Edits.of(Status.EMPTY);
        }
        int index = last ? array.length() - 1 : 0;
        draft.removeItem(path, index);
        return done(array.get(index), array.length() - 1);
    }

    /** By JavaScript's rules (DJ-SPL-2). */
    EditResult splice(List<String> path, SpliceItems splice) {
        ArrayValue values = parse(splice.getValuesList());
        ArrayValue array = array(path);
        if (values == null || array == null) {
            return problem(path, values == null);
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
        Value item = JsonText.parseIfValid(remove.getItem());
        ArrayValue array = array(path);
        if (item == null || array == null) {
            return problem(path, item == null);
        }
        int index = find(array, item, remove.hasKey() ? remove.getKey() : null, remove.getComparison());
        if (index == NO_MATCH) {
            return Edits.of(Status.NO_MATCH);
        }
        draft.removeItem(path, index);
        return done(array.get(index), array.length() - 1);
    }

    /** Two objects are merged, member by member. */
    EditResult updateItem(List<String> path, UpdateItem update) {
        Value item = JsonText.parseIfValid(update.getItem());
        Value with = JsonText.parseIfValid(update.getUpdate());
        ArrayValue array = array(path);
        if (item == null || with == null || array == null) {
            return problem(path, item == null || with == null);
        }
        int index = find(array, item, update.hasKey() ? update.getKey() : null, update.getComparison());
        if (index == NO_MATCH) {
            return Edits.of(Status.NO_MATCH);
        }
        Status made = Status.DONE;
        if (!update.getReplace() && array.get(index) instanceof ObjectValue && with instanceof ObjectValue members) {
            List<String> element = Draft.below(path, Integer.toString(index));
            for (Member member : members.inOrder()) {
                made = made == Status.DONE ? draft.put(element, member.name(), member.value()) : made;
            }
        } else {
            made = draft.setItem(path, index, with);
        }
        return made == Status.DONE ? done(array.length()) : Edits.of(made);
    }

    EditResult set(List<String> path, SetItem set) {
        Value value = JsonText.parseIfValid(set.getValue());
        ArrayValue array = array(path);
        if (value == null || array == null) {
            return problem(path, value == null);
        }
        if (set.getIndex() < 0 || set.getIndex() >= array.length()) {
            return Edits.of(Status.OUT_OF_RANGE);
        }
        Status made = draft.setItem(path, (int) set.getIndex(), value);
        return made == Status.DONE ? done(array.length()) : Edits.of(made);
    }

    EditResult insert(List<String> path, SetItem insert) {
        Value value = JsonText.parseIfValid(insert.getValue());
        ArrayValue array = array(path);
        if (value == null || array == null) {
            return problem(path, value == null);
        }
        if (insert.getIndex() < 0 || insert.getIndex() > array.length()) {
            return Edits.of(Status.OUT_OF_RANGE);
        }
        Status made = draft.insert(path, (int) insert.getIndex(), value);
        return made == Status.DONE ? done(array.length() + 1) : Edits.of(made);
    }

    private EditResult insertAll(List<String> path, int from, ArrayValue values) {
        for (int i = 0; i < values.length(); i++) {
            Status made = draft.insert(path, from + i, values.get(i));
            if (made != Status.DONE) {
                return Edits.of(made);
            }
        }
        ArrayValue array = array(path);
        return done(array == null ? 0 : array.length());
    }

    /** The first element that matches; others than objects have no keys and are passed over (DJ-REM-2). */
    private static int find(ArrayValue array, Value item, @Nullable String key, Comparison how) {
        Value wanted = key == null ? item : Path.step(item, key);
        if (wanted == null) {
            return NO_MATCH;
        }
        for (int i = 0; i < array.length(); i++) {
            Value element = array.get(i);
            Value compared = key == null ? element : element instanceof ObjectValue object ? object.get(key) : null;
            if (compared != null && Equality.same(compared, wanted, how)) {
                return i;
            }
        }
        return NO_MATCH;
    }

    private @Nullable ArrayValue array(List<String> path) {
        return draft.find(path) instanceof ArrayValue array ? array : null;
    }

    private EditResult problem(List<String> path, boolean badValue) {
        if (badValue) {
            return Edits.of(Status.UNKNOWN);
        }
        return Edits.of(draft.find(path) == null ? Status.NO_SUCH_PATH : Status.NOT_AN_ARRAY);
    }

    private static @Nullable ArrayValue parse(List<ByteString> texts) {
        List<Value> values = new ArrayList<>(texts.size());
        for (ByteString text : texts) {
            Value value = JsonText.parseIfValid(text);
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

    private static EditResult done(Value taken, int length) {
        return EditResult.newBuilder()
                .setValue(JsonText.write(taken))
                .setLength(length)
                .build();
    }
}
