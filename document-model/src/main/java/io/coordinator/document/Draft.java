package io.coordinator.document;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.EditResult.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A value that is being edited. All edits are made of the few changes here, each of which costs in proportion to its path; and
 * what was changed can be told as a JSON Patch (RFC 6902).
 */
final class Draft {
    private static final String AT_THE_END = "-";

    private final List<Change> changes = new ArrayList<>();
    private Value root;

    Draft(Value root) {
        this.root = root;
    }

    private record Change(
            String operation, List<String> path, @Nullable Value value) {}

    /** Where a draft can go back to. */
    record Mark(Value root, int changes) {}

    Value root() {
        return root;
    }

    boolean isChanged() {
        return !changes.isEmpty();
    }

    Mark mark() {
        return new Mark(root, changes.size());
    }

    void backTo(Mark mark) {
        root = mark.root();
        changes.subList(mark.changes(), changes.size()).clear();
    }

    @Nullable
    Value find(List<String> path) {
        return Path.find(root, path);
    }

    // ---- changes; containers, members and elements exist unless said otherwise ----

    void replaceRoot(Value value) {
        changes.add(new Change("replace", List.of(), value));
        root = value;
    }

    /** Adds a member or replaces it. */
    Status put(List<String> path, String name, Value value) {
        if (isTooDeep(path, value)) {
            return Status.TOO_DEEP;
        }
        ObjectValue object = (ObjectValue) at(path);
        String operation = object.get(name) == null ? "add" : "replace";
        change(operation, path, name, value, object.put(name, value));
        return Status.DONE;
    }

    void removeMember(List<String> path, String name) {
        change("remove", path, name, null, ((ObjectValue) at(path)).remove(name));
    }

    /** @param index at most the length */
    Status insert(List<String> path, int index, Value value) {
        if (isTooDeep(path, value)) {
            return Status.TOO_DEEP;
        }
        ArrayValue array = (ArrayValue) at(path);
        String step = index == array.length() ? AT_THE_END : Integer.toString(index);
        change("add", path, step, value, array.insert(index, value));
        return Status.DONE;
    }

    Status setItem(List<String> path, int index, Value value) {
        if (isTooDeep(path, value)) {
            return Status.TOO_DEEP;
        }
        change("replace", path, Integer.toString(index), value, ((ArrayValue) at(path)).set(index, value));
        return Status.DONE;
    }

    void removeItem(List<String> path, int index) {
        change("remove", path, Integer.toString(index), null, ((ArrayValue) at(path)).remove(index));
    }

    /** Removes so many elements and puts others in their place. */
    Status splice(List<String> path, int start, int count, ArrayValue instead) {
        if (path.size() + instead.depth() > JsonText.DEPTH_MAX) {
            return Status.TOO_DEEP;
        }
        ArrayValue spliced = ((ArrayValue) at(path)).splice(start, count, instead);
        for (int i = 0; i < count; i++) {
            changes.add(new Change("remove", below(path, Integer.toString(start)), null));
        }
        for (int i = 0; i < instead.length(); i++) {
            changes.add(new Change("add", below(path, Integer.toString(start + i)), instead.get(i)));
        }
        root = with(root, path, 0, old -> spliced);
        return Status.DONE;
    }

    // ---- telling ----

    /** What was changed, as JSON text. */
    ByteString toPatch() {
        List<Value> operations = new ArrayList<>(changes.size());
        for (Change change : changes) {
            ObjectValue operation = ObjectValue.EMPTY
                    .put("op", Scalar.string(change.operation()))
                    .put("path", Scalar.string(Path.toPointer(change.path())));
            operations.add(change.value() == null ? operation : operation.put("value", change.value()));
        }
        return JsonText.write(ArrayValue.of(operations));
    }

    static List<String> below(List<String> path, String step) {
        List<String> longer = new ArrayList<>(path.size() + 1);
        longer.addAll(path);
        longer.add(step);
        return longer;
    }

    private Value at(List<String> path) {
        Value value = find(path);
        if (value == null) {
            throw new IllegalStateException("there is nothing at " + path);
        }
        return value;
    }

    private static boolean isTooDeep(List<String> path, Value value) {
        return path.size() + 1 + value.depth() > JsonText.DEPTH_MAX;
    }

    private void change(String operation, List<String> path, String step, @Nullable Value value, Value container) {
        changes.add(new Change(operation, below(path, step), value));
        root = with(root, path, 0, old -> container);
    }

    /** A copy of a value that differs at the end of the path, which exists. */
    private static Value with(Value value, List<String> path, int from, UnaryOperator<Value> change) {
        if (from == path.size()) {
            return change.apply(value);
        }
        String step = path.get(from);
        if (value instanceof ObjectValue object) {
            Value member = object.get(step);
            if (member != null) {
                return object.put(step, with(member, path, from + 1, change));
            }
        } else if (value instanceof ArrayValue array) {
            int index = Path.index(step);
            return array.set(index, with(array.get(index), path, from + 1, change));
        }
        throw new IllegalStateException("there is nothing at " + path);
    }
}
