package io.coordinator.state.job;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.JobWaitRow;
import io.coordinator.protocol.Reply;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.SessionLimits;
import io.coordinator.state.kernel.Slice;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UndoLog;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Who awaits which job: rows under the job's ticket, in the order in which they came. */
final class JobWaits {
    private static final int NUMBER = 5;
    /** To count those who await a job. */
    private static final int WAITS_A_STEP = 64;

    private static final HexFormat HEX = HexFormat.of();
    private static final int DIGITS = 2 * Long.BYTES;

    private final Table<JobWaitRow> rows;
    private final UndoLog undo;
    /** By session: the command's number in hexadecimal, and the key of the row. */
    private final Map<Long, TreeSet<String>> bySession = new HashMap<>();

    JobWaits(Storage storage) {
        rows = storage.sortedTable(DataKind.JOB, NUMBER, JobWaitRow.parser(), never -> 0);
        undo = storage.undo();
    }

    void add(String owner, long jobTicket, long sessionId, long requestSeq, Effects effects) {
        String key = QueuePlace.part(owner, jobTicket) + HEX.toHexDigits(effects.nextTicket());
        rows.put(
                key,
                JobWaitRow.newBuilder()
                        .setSessionId(sessionId)
                        .setRequestSeq(requestSeq)
                        .build());
        enter(sessionId, requestSeq, key);
        undo.add(() -> leave(sessionId, requestSeq, key));
    }

    private void remove(String key) {
        JobWaitRow row = rows.remove(key);
        if (row != null) {
            leave(row.getSessionId(), row.getRequestSeq(), key);
            undo.add(() -> enter(row.getSessionId(), row.getRequestSeq(), key));
        }
    }

    private void enter(long sessionId, long requestSeq, String key) {
        bySession.computeIfAbsent(sessionId, id -> new TreeSet<>()).add(HEX.toHexDigits(requestSeq) + key);
    }

    private void leave(long sessionId, long requestSeq, String key) {
        TreeSet<String> waits = bySession.get(sessionId);
        if (waits != null && waits.remove(HEX.toHexDigits(requestSeq) + key) && waits.isEmpty()) {
            bySession.remove(sessionId);
        }
    }

    void rebuild() {
        rows.forEachInOrder((key, row) -> enter(row.getSessionId(), row.getRequestSeq(), key));
    }

    // ---- what there is ----

    int size() {
        return rows.size();
    }

    /** How many a session has. */
    int count(long sessionId) {
        TreeSet<String> waits = bySession.get(sessionId);
        return waits == null ? 0 : waits.size();
    }

    /** How many await one job. */
    private int count(String owner, long jobTicket) {
        return rows.count(QueuePlace.part(owner, jobTicket));
    }

    private @Nullable String first(String prefix) {
        String key = rows.ceilingKey(prefix);
        return key != null && key.startsWith(prefix) ? key : null;
    }

    /** Why so many more may not await a job; null if they may. */
    Reply.@Nullable Builder refusal(QueuePlace place, StoredJob job, int more, Effects effects) {
        int waiting = count(place.owner(), job.row().getTicket());
        effects.meter().steps("waits", waiting / WAITS_A_STEP);
        return waiting + more > SessionLimits.QUEUE_MAX
                ? SessionLimits.queueIsFull("job \"" + job.id() + "\" of " + place)
                : null;
    }

    boolean isAwaited(String owner, long jobTicket) {
        return first(QueuePlace.part(owner, jobTicket)) != null;
    }

    // ---- who goes ----

    /** Withdraws what one command of a session awaits, whatever the queue; whether there was anything. */
    boolean cancel(long sessionId, long requestSeq) {
        String seq = HEX.toHexDigits(requestSeq);
        boolean any = false;
        String next = next(sessionId, seq);
        while (next != null && next.startsWith(seq)) {
            remove(next.substring(DIGITS));
            any = true;
            next = next(sessionId, seq);
        }
        return any;
    }

    /** Forgets what an ended session awaits, until the slice is spent; whether nothing is left. */
    boolean sessionClosed(long sessionId, Slice slice) {
        String next = next(sessionId, "");
        while (next != null && !slice.isSpent()) {
            remove(next.substring(DIGITS));
            next = next(sessionId, "");
        }
        return next == null;
    }

    private @Nullable String next(long sessionId, String from) {
        TreeSet<String> waits = bySession.get(sessionId);
        return waits == null ? null : waits.ceiling(from);
    }

    /** Tells all who await a job, for whom this is the end; what the slice does not hold is left for later. */
    void tell(String owner, long jobTicket, Event.Builder event, Effects effects, Slice slice) {
        String prefix = QueuePlace.part(owner, jobTicket);
        if (!tell(prefix, event, effects, slice)) {
            effects.later(
                    DataKind.JOB,
                    Chore.newBuilder()
                            .setStep(JobChores.TELL)
                            .setSubject(prefix)
                            .setValueId(event.getValueId())
                            .setPayload(event.clone().clearValueId().build().toByteString()));
        }
    }

    /** Goes on telling; whether it is done. */
    boolean resume(Chore chore, Effects effects, Slice slice) {
        try {
            Event.Builder event =
                    Event.parseFrom(chore.getPayload()).toBuilder().setValueId(chore.getValueId());
            return tell(chore.getSubject(), event, effects, slice);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("what those who await a job are told is damaged", e);
        }
    }

    private boolean tell(String prefix, Event.Builder event, Effects effects, Slice slice) {
        String key = first(prefix);
        while (key != null) {
            if (slice.isSpent()) {
                return false;
            }
            JobWaitRow row = rows.get(key);
            remove(key);
            if (row != null) {
                effects.tell(row.getSessionId(), event.clone().setRequestSeq(row.getRequestSeq()));
            }
            key = first(prefix);
        }
        return true;
    }
}
