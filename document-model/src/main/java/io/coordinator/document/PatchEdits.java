package io.coordinator.document;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.EditResult;
import io.coordinator.protocol.EditResult.Status;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The operations of JSON Patch (RFC 6902 §4) and JSON Merge Patch (RFC 7396). */
final class PatchEdits {
    private static final String AT_THE_END = "-";

    private final Draft draft;

    PatchEdits(Draft draft) {
        this.draft = draft;
    }

    EditResult replace(List<String> path, ByteString text) {
        Value value = JsonText.parseIfValid(text, draft.meter());
        if (value == null) {
            return Edits.of(Edits.notAValue(text, draft.meter()));
        }
        return Edits.of(draft.find(path) == null ? Status.NO_SUCH_PATH : write(path, value));
    }

    EditResult add(List<String> path, ByteString text) {
        Value value = JsonText.parseIfValid(text, draft.meter());
        return Edits.of(value == null ? Edits.notAValue(text, draft.meter()) : add(path, value));
    }

    EditResult remove(List<String> path) {
        Value old = draft.find(path);
        Status made = old == null ? Status.NO_SUCH_PATH : remove(path, old);
        return made == Status.DONE && old != null
                ? Edits.taken(old, draft.meter()).build()
                : Edits.of(made);
    }

    EditResult move(List<String> path, List<String> from) {
        Value value = draft.find(from);
        if (value == null) {
            return Edits.of(Status.NO_SUCH_PATH);
        }
        if (path.equals(from)) {
            return Edits.of(Status.DONE);
        }
        if (path.size() > from.size() && path.subList(0, from.size()).equals(from)) {
            return Edits.of(Status.INTO_ITSELF);
        }
        Status removed = remove(from, value);
        return Edits.of(removed == Status.DONE ? add(path, value) : removed);
    }

    EditResult copy(List<String> path, List<String> from) {
        Value value = draft.find(from);
        return Edits.of(value == null ? Status.NO_SUCH_PATH : add(path, value));
    }

    EditResult test(List<String> path, ByteString text) {
        Value expected = JsonText.parseIfValid(text, draft.meter());
        if (expected == null) {
            return Edits.of(Edits.notAValue(text, draft.meter()));
        }
        Value value = draft.find(path);
        if (value == null) {
            return Edits.of(Status.NO_SUCH_PATH);
        }
        return Edits.of(Equality.same(value, expected, draft.meter()) ? Status.DONE : Status.TEST_FAILED);
    }

    EditResult merge(List<String> path, ByteString text) {
        Value patch = JsonText.parseIfValid(text, draft.meter());
        if (patch == null) {
            return Edits.of(Edits.notAValue(text, draft.meter()));
        }
        Value target = draft.find(path);
        return Edits.of(target == null ? Status.NO_SUCH_PATH : merge(path, target, patch));
    }

    /** Puts a value where one is, or where a member can be. */
    Status write(List<String> path, Value value) {
        if (path.isEmpty()) {
            draft.replaceRoot(value);
            return Status.DONE;
        }
        List<String> parent = parent(path);
        Value container = draft.find(parent);
        if (container instanceof ObjectValue) {
            return draft.put(parent, last(path), value);
        }
        return container instanceof ArrayValue
                ? draft.setItem(parent, Path.index(last(path)), value)
                : Status.NOT_AN_OBJECT;
    }

    private Status add(List<String> path, Value value) {
        if (path.isEmpty()) {
            draft.replaceRoot(value);
            return Status.DONE;
        }
        List<String> parent = parent(path);
        Value container = draft.find(parent);
        if (container instanceof ObjectValue) {
            return draft.put(parent, last(path), value);
        }
        if (container instanceof ArrayValue array) {
            int index = last(path).equals(AT_THE_END) ? array.length() : Path.index(last(path));
            return index < 0 || index > array.length() ? Status.OUT_OF_RANGE : draft.insert(parent, index, value);
        }
        return container == null ? Status.NO_SUCH_PATH : Status.NOT_AN_OBJECT;
    }

    /** The root cannot be removed: a document has a value. */
    private Status remove(List<String> path, @Nullable Value old) {
        if (path.isEmpty() || old == null) {
            return Status.NO_SUCH_PATH;
        }
        List<String> parent = parent(path);
        if (draft.find(parent) instanceof ArrayValue) {
            draft.removeItem(parent, Path.index(last(path)));
        } else {
            draft.removeMember(parent, last(path));
        }
        return Status.DONE;
    }

    /** RFC 7396 §2. */
    private Status merge(List<String> path, Value target, Value patch) {
        if (target instanceof ObjectValue && patch instanceof ObjectValue members) {
            return draft.merge(path, members);
        }
        return write(path, Merging.fromNothing(patch, draft.meter()));
    }

    private static List<String> parent(List<String> path) {
        return path.subList(0, path.size() - 1);
    }

    private static String last(List<String> path) {
        return path.get(path.size() - 1);
    }
}
