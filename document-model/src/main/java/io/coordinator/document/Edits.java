package io.coordinator.document;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.EditResult;
import io.coordinator.protocol.EditResult.Status;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.IncrementNumber;
import io.coordinator.protocol.JsonType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Edits of a value, one after another, as a pure function of both. An edit that cannot be made changes nothing and says
 * why; none throws.
 */
public final class Edits {
    /**
     * A document has at most so many bytes of text. The same on every node for ever: what one replica refuses, all
     * must.
     */
    public static final int BYTES_MAX = 2 << 20;

    /** What an edit counts if it does nothing. */
    private static final int EDIT_STEPS = 10;

    private static final ByteString ZERO = ByteString.copyFromUtf8("0");

    private final Draft draft;
    private final ArrayEdits arrays;
    private final PatchEdits patches;

    private Edits(Draft draft) {
        this.draft = draft;
        arrays = new ArrayEdits(draft);
        patches = new PatchEdits(draft);
    }

    /** What edits have come to. */
    public sealed interface Result permits Outcome, TooLarge {}

    /**
     * They came to an end.
     *
     * @param root the value afterwards
     * @param changed whether it is another one than before: in digits or order at least, not only in meaning
     * @param results one for each edit, as far as they went
     * @param failed the index of the first edit that could not be made, if that ended them; otherwise negative
     * @param patch the change as a JSON Patch; it is never much larger than the value before and after together
     * @param appended for each operation of the patch that adds at the end of an array ("-"): its number, counted from
     *     0, and then the index that the element got
     */
    public record Outcome(
            Value root, boolean changed, List<EditResult> results, int failed, ByteString patch, List<Integer> appended)
            implements Result {
        public Outcome {
            results = List.copyOf(results);
            appended = List.copyOf(appended);
        }

        private static Outcome unchanged(Value root, List<EditResult> results, int failed) {
            return new Outcome(root, false, results, failed, ByteString.EMPTY, List.of());
        }
    }

    /**
     * One of them would have made the value larger than it may be, which ends them all.
     *
     * @param edit the index of that edit
     * @param bytes how large the value would have been
     */
    public record TooLarge(int edit, long bytes) implements Result {}

    /**
     * Makes edits, each on what the one before has left. None at all succeed and change nothing.
     *
     * @param lenient passes over those that cannot be made; otherwise the first of them undoes all
     * @param bytesMax how large the text of the value may be after each edit
     * @param meter is told of what is made and done before it is
     * @throws OverBudgetException by the meter; nothing was changed
     */
    public static Result apply(Value root, List<DocumentEdit> edits, boolean lenient, long bytesMax, Meter meter) {
        Draft draft = new Draft(root, bytesMax, meter);
        Edits making = new Edits(draft);
        List<EditResult> results = new ArrayList<>(edits.size());
        for (DocumentEdit edit : edits) {
            Draft.Mark before = draft.mark();
            EditResult result = making.apply(edit);
            results.add(result);
            if (!isMade(result.getStatus())) {
                draft.backTo(before);
                if (!lenient) {
                    return Outcome.unchanged(root, results, results.size() - 1);
                }
            } else if (draft.root().bytes() > bytesMax) {
                return new TooLarge(results.size() - 1, draft.root().bytes());
            }
        }
        // An edit can write what is there already, and several can undo each other.
        if (!draft.isChanged() || Equality.identical(root, draft.root(), meter)) {
            return Outcome.unchanged(root, results, -1);
        }
        Changes.Patch patch = draft.toPatch();
        return new Outcome(draft.root(), true, results, -1, patch.text(), patch.appended());
    }

    private static boolean isMade(Status status) {
        return status == Status.DONE || status == Status.EMPTY;
    }

    private EditResult apply(DocumentEdit edit) {
        List<String> path = edit.getPathList();
        draft.meter().steps("edits", EDIT_STEPS);
        Status problem = Names.problem(edit, draft.meter());
        if (problem != null) {
            return of(problem);
        }
        return switch (edit.getOperationCase()) {
            case SET -> set(path, edit.getSet().getName(), edit.getSet().getValue());
            case REMOVE -> remove(path, edit.getRemove().getName());
            case PUSH -> arrays.push(path, edit.getPush().getValuesList());
            case UNSHIFT -> arrays.unshift(path, edit.getUnshift().getValuesList());
            case POP -> arrays.take(path, true);
            case SHIFT -> arrays.take(path, false);
            case SPLICE -> arrays.splice(path, edit.getSplice());
            case REMOVE_ITEM -> arrays.removeItem(path, edit.getRemoveItem());
            case UPDATE_ITEM -> arrays.updateItem(path, edit.getUpdateItem());
            case SET_ITEM -> arrays.set(path, edit.getSetItem());
            case INSERT_ITEM -> arrays.insert(path, edit.getInsertItem());
            case REPLACE -> patches.replace(path, edit.getReplace().getValue());
            case ADD -> patches.add(path, edit.getAdd().getValue());
            case REMOVE_VALUE -> patches.remove(path);
            case MOVE -> patches.move(path, edit.getMove().getFromList());
            case COPY -> patches.copy(path, edit.getCopy().getFromList());
            case TEST -> patches.test(path, edit.getTest().getValue());
            case MERGE -> patches.merge(path, edit.getMerge().getValue());
            case INCREMENT -> increment(path, edit.getIncrement());
            case CREATE_PATH -> createPath(path);
            case OPERATION_NOT_SET -> of(Status.UNKNOWN);
        };
    }

    private EditResult set(List<String> path, String name, ByteString text) {
        Value value = JsonText.parseIfValid(text, draft.meter());
        if (value == null) {
            return of(notAValue(text, draft.meter()));
        }
        Status problem = notAnObject(path);
        return of(problem != null ? problem : draft.put(path, name, value));
    }

    private EditResult remove(List<String> path, String name) {
        Status problem = notAnObject(path);
        if (problem != null) {
            return of(problem);
        }
        Value removed = Path.step(find(path), name, draft.meter());
        if (removed == null) {
            return of(Status.NO_SUCH_PATH);
        }
        draft.removeMember(path, name);
        return taken(removed, draft.meter()).build();
    }

    private @Nullable Status notAnObject(List<String> path) {
        Value target = draft.find(path);
        if (target == null) {
            return Status.NO_SUCH_PATH;
        }
        return target instanceof ObjectValue ? null : Status.NOT_AN_OBJECT;
    }

    private Value find(List<String> path) {
        Value value = draft.find(path);
        if (value == null) {
            throw new IllegalStateException("there is nothing at " + path);
        }
        return value;
    }

    private EditResult increment(List<String> path, IncrementNumber increment) {
        Value old = draft.find(path);
        if (old == null && !isMissingMember(path)) {
            return of(Status.NO_SUCH_PATH);
        }
        if (old != null && old.type() != JsonType.JSON_NUMBER) {
            return of(Status.NOT_A_NUMBER);
        }
        ByteString number = old == null ? ZERO : JsonText.write(old);
        Addition.Result sum = switch (increment.getAmountCase()) {
            case BY -> Addition.add(number, increment.getBy(), draft.meter());
            case BY_DECIMAL -> Addition.add(number, increment.getByDecimal(), draft.meter());
            case AMOUNT_NOT_SET -> null;
        };
        if (sum == null) {
            return of(Status.UNKNOWN);
        }
        if (sum instanceof Addition.Failure failure) {
            return of(failure.code() == ErrorCode.ENOTNUMBER ? Status.NOT_A_NUMBER : Status.OVERFLOW);
        }
        Scalar made = Scalar.number(((Addition.Sum) sum).text().toStringUtf8());
        Status written = patches.write(path, made);
        return written == Status.DONE ? taken(made, draft.meter()).build() : of(written);
    }

    private boolean isMissingMember(List<String> path) {
        return !path.isEmpty() && draft.find(path.subList(0, path.size() - 1)) instanceof ObjectValue;
    }

    private EditResult createPath(List<String> path) {
        int there = 0;
        for (Value at = draft.root(); there < path.size(); there++) {
            at = Path.step(at, path.get(there), draft.meter());
            if (at == null) {
                return of(createPath(path.subList(0, there), path.subList(there, path.size())));
            }
        }
        return of(notAnObject(path) == null ? Status.DONE : Status.NOT_AN_OBJECT);
    }

    /** @param missing names of which the first is missing in what is at {@code path} */
    private Status createPath(List<String> path, List<String> missing) {
        Status problem = notAnObject(path);
        if (problem != null) {
            return problem;
        }
        if (path.size() + missing.size() + 1 > JsonText.DEPTH_MAX) {
            return Status.TOO_DEEP;
        }
        ObjectValue made = ObjectValue.EMPTY;
        for (int i = missing.size() - 1; i > 0; i--) {
            made = ObjectValue.EMPTY.put(missing.get(i), made, draft.meter());
        }
        return draft.put(path, missing.get(0), made);
    }

    static EditResult of(Status status) {
        return EditResult.newBuilder().setStatus(status).build();
    }

    /** A result that says a value. */
    static EditResult.Builder taken(Value value, Meter meter) {
        meter.bytes("the results", value.bytes());
        return EditResult.newBuilder().setValue(JsonText.write(value, meter));
    }

    /** Why a text is no value; said of those that were not let in. */
    static Status notAValue(ByteString text, Meter meter) {
        return JsonText.hasLongName(text, meter) ? Status.NAME_TOO_LONG : Status.UNKNOWN;
    }
}
