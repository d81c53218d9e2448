package io.coordinator.document;

import io.coordinator.protocol.EditResult.Status;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A value that is being edited. All edits are made of the few changes here, each of which costs in proportion to its
 * path; and what was changed can be told as a JSON Patch (RFC 6902).
 */
final class Draft {
    private final Changes changes;
    private final Meter meter;
    private Value root;
    /** What was looked for last: an edit asks what is at its path, and then changes that. */
    private Found found;

    Draft(Value root, long bytesMax, Meter meter) {
        this.root = root;
        this.found = new Found(root, List.of(), root);
        this.changes = new Changes(bytesMax);
        this.meter = meter;
    }

    /** Where a draft can go back to. */
    record Mark(Value root, Changes.Mark changes) {}

    private record Found(
            Value root, List<String> path, @Nullable Value value) {}

    Value root() {
        return root;
    }

    Meter meter() {
        return meter;
    }

    boolean isChanged() {
        return !changes.isEmpty();
    }

    Mark mark() {
        return new Mark(root, changes.mark());
    }

    void backTo(Mark mark) {
        root = mark.root();
        changes.backTo(mark.changes());
    }

    @Nullable
    Value find(List<String> path) {
        if (found.root() != root || !found.path().equals(path)) {
            found = new Found(root, path, Path.find(root, path, meter));
        }
        return found.value();
    }

    // ---- changes; containers, members and elements exist unless said otherwise ----

    void replaceRoot(Value value) {
        changes.replaceWhole();
        root = value;
    }

    /** Adds a member or replaces it. */
    Status put(List<String> path, String name, Value value) {
        if (isTooDeep(path, value)) {
            return Status.TOO_DEEP;
        }
        ObjectValue object = (ObjectValue) at(path);
        changes.add(object.get(name, meter) == null ? "add" : "replace", path, name, value);
        become(path, object.put(name, value, meter));
        return Status.DONE;
    }

    /** Adds members or replaces them. */
    Status putAll(List<String> path, ObjectValue members) {
        if (path.size() + members.depth() > JsonText.DEPTH_MAX) {
            return Status.TOO_DEEP;
        }
        ObjectValue object = (ObjectValue) at(path);
        for (Member member : members.inOrder(meter)) {
            meter.steps("members", 1);
            String name = member.name();
            changes.add(object.get(name, meter) == null ? "add" : "replace", path, name, member.value());
            object = object.put(name, member.value(), meter);
        }
        become(path, object);
        return Status.DONE;
    }

    /** Merges members into an object. */
    Status merge(List<String> path, ObjectValue patch) {
        ObjectValue target = (ObjectValue) at(path);
        ObjectValue merged = new Merging(path, changes, meter).merged(target, patch);
        if (path.size() + merged.depth() > JsonText.DEPTH_MAX) {
            return Status.TOO_DEEP;
        }
        if (merged != target) {
            become(path, merged);
        }
        return Status.DONE;
    }

    void removeMember(List<String> path, String name) {
        changes.add("remove", path, name, null);
        become(path, ((ObjectValue) at(path)).remove(name, meter));
    }

    /** @param index at most the length */
    Status insert(List<String> path, int index, Value value) {
        if (isTooDeep(path, value)) {
            return Status.TOO_DEEP;
        }
        ArrayValue array = (ArrayValue) at(path);
        if (index == array.length()) {
            changes.append(path, index, value);
        } else {
            changes.add("add", path, Integer.toString(index), value);
        }
        become(path, array.insert(index, value, meter));
        return Status.DONE;
    }

    Status setItem(List<String> path, int index, Value value) {
        if (isTooDeep(path, value)) {
            return Status.TOO_DEEP;
        }
        changes.add("replace", path, Integer.toString(index), value);
        become(path, ((ArrayValue) at(path)).set(index, value, meter));
        return Status.DONE;
    }

    void removeItem(List<String> path, int index) {
        changes.add("remove", path, Integer.toString(index), null);
        become(path, ((ArrayValue) at(path)).remove(index, meter));
    }

    /** Removes so many elements and puts others in their place. */
    Status splice(List<String> path, int start, int count, ArrayValue instead) {
        if (path.size() + instead.depth() > JsonText.DEPTH_MAX) {
            return Status.TOO_DEEP;
        }
        ArrayValue array = (ArrayValue) at(path);
        for (int i = 0; i < count && !changes.isWhole(); i++) {
            changes.add("remove", path, Integer.toString(start), null);
        }
        boolean atTheEnd = start + count == array.length();
        int index = start;
        for (Iterator<Value> values = instead.iterator(meter); values.hasNext() && !changes.isWhole(); ) {
            if (atTheEnd) {
                changes.append(path, index, values.next());
            } else {
                changes.add("add", path, Integer.toString(index), values.next());
            }
            index++;
        }
        become(path, array.splice(start, count, instead, meter));
        return Status.DONE;
    }

    // ---- telling ----

    /** What was changed. */
    Changes.Patch toPatch() {
        return changes.write(root, meter);
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

    private void become(List<String> path, Value value) {
        root = with(root, path, 0, value);
    }

    /** A copy of a value that differs at the end of the path, which exists. */
    private Value with(Value value, List<String> path, int from, Value end) {
        if (from == path.size()) {
            return end;
        }
        String step = path.get(from);
        if (value instanceof ObjectValue object) {
            Value member = object.get(step, meter);
            if (member != null) {
                return object.put(step, with(member, path, from + 1, end), meter);
            }
        } else if (value instanceof ArrayValue array) {
            int index = Path.index(step);
            return array.set(index, with(array.get(index, meter), path, from + 1, end), meter);
        }
        throw new IllegalStateException("there is nothing at " + path);
    }
}
