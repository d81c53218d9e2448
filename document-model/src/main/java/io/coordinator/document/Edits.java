package io.coordinator.document;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.DocumentEdit;
import io.coordinator.protocol.EditResult;
import io.coordinator.protocol.EditResult.Status;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.IncrementNumber;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Edits of a value, one after another, as a pure function of both. An edit that cannot be made changes nothing and says why;
 * none throws.
 */
public final class Edits {
    private final Draft draft;
    private final ArrayEdits arrays;
    private final PatchEdits patches;

    private Edits(Value root) {
        draft = new Draft(root);
        arrays = new ArrayEdits(draft);
        patches = new PatchEdits(draft);
    }

    /**
     * What edits have come to.
     *
     * @param root the value afterwards
     * @param changed whether anything was done to it
     * @param results one for each edit, as far as they went
     * @param failed the index of the first edit that could not be made, if that ended them; otherwise negative
     * @param patch the change as a JSON Patch
     */
    public record Outcome(Value root, boolean changed, List<EditResult> results, int failed, ByteString patch) {
        public Outcome {
            results = List.copyOf(results);
        }
    }

    /**
     * Makes edits, each on what the one before has left.
     *
     * @param lenient passes over those that cannot be made; otherwise the first of them undoes all
     */
    public static Outcome apply(Value root, List<DocumentEdit> edits, boolean lenient) {
        Edits making = new Edits(root);
        List<EditResult> results = new ArrayList<>(edits.size());
        for (DocumentEdit edit : edits) {
            Draft.Mark before = making.draft.mark();
            EditResult result = making.apply(edit);
            results.add(result);
            if (!isMade(result.getStatus())) {
                making.draft.backTo(before);
                if (!lenient) {
                    return new Outcome(root, false, results, results.size() - 1, ByteString.EMPTY);
                }
            }
        }
        Draft draft = making.draft;
        return new Outcome(
                draft.root(), draft.isChanged(), results, -1, draft.isChanged() ? draft.toPatch() : ByteString.EMPTY);
    }

    private static boolean isMade(Status status) {
        return status == Status.DONE || status == Status.EMPTY;
    }

    private EditResult apply(DocumentEdit edit) {
        List<String> path = edit.getPathList();
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
        Value value = JsonText.parseIfValid(text);
        if (value == null) {
            return of(Status.UNKNOWN);
        }
        Status problem = notAnObject(path);
        return of(problem != null ? problem : draft.put(path, name, value));
    }

    private EditResult remove(List<String> path, String name) {
        Status problem = notAnObject(path);
        if (problem != null) {
            return of(problem);
        }
        Value removed = Path.step(find(path), name);
        if (removed == null) {
            return of(Status.NO_SUCH_PATH);
        }
        draft.removeMember(path, name);
        return of(Status.DONE, JsonText.write(removed));
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
        ByteString number = old == null ? ByteString.copyFromUtf8("0") : JsonText.write(old);
        Addition.Result sum = switch (increment.getAmountCase()) {
            case BY -> Addition.add(number, increment.getBy());
            case BY_DECIMAL -> Addition.add(number, increment.getByDecimal());
            case AMOUNT_NOT_SET -> null;
        };
        if (sum == null) {
            return of(Status.UNKNOWN);
        }
        if (sum instanceof Addition.Failure failure) {
            return of(failure.code() == ErrorCode.ENOTNUMBER ? Status.NOT_A_NUMBER : Status.OVERFLOW);
        }
        ByteString text = ((Addition.Sum) sum).text();
        EditResult written = patches.write(path, Scalar.number(text.toStringUtf8()));
        return written.getStatus() == Status.DONE ? of(Status.DONE, text) : written;
    }

    private boolean isMissingMember(List<String> path) {
        return !path.isEmpty() && draft.find(path.subList(0, path.size() - 1)) instanceof ObjectValue;
    }

    private EditResult createPath(List<String> path) {
        for (int i = 0; i < path.size(); i++) {
            List<String> parent = path.subList(0, i);
            if (draft.find(path.subList(0, i + 1)) == null) {
                Status problem = notAnObject(parent);
                Status made = problem != null ? problem : draft.put(parent, path.get(i), ObjectValue.EMPTY);
                if (made != Status.DONE) {
                    return of(made);
                }
            }
        }
        return of(notAnObject(path) == null ? Status.DONE : Status.NOT_AN_OBJECT);
    }

    static EditResult of(Status status) {
        return EditResult.newBuilder().setStatus(status).build();
    }

    static EditResult of(Status status, ByteString value) {
        return EditResult.newBuilder().setStatus(status).setValue(value).build();
    }
}
