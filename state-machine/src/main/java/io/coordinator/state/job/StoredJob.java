package io.coordinator.state.job;

import com.google.protobuf.InvalidProtocolBufferException;
import io.coordinator.protocol.JobRow;
import io.coordinator.protocol.JobState;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * The row of a job as it is kept: its bytes, and beside them what decides its place. A message with all of its fields
 * would take twice as much, which counts with a million jobs that wait. Immutable but for its key, which is set once.
 */
final class StoredJob {
    /** The next to run comes first. */
    static final Comparator<StoredJob> BY_PRIORITY =
            Comparator.comparingInt((StoredJob job) -> -1 - job.priority).thenComparingLong(StoredJob::place);
    /** Who came into its state first comes first. */
    static final Comparator<StoredJob> BY_PLACE = Comparator.comparingLong(StoredJob::place);

    static final Comparator<StoredJob> BY_TIME =
            Comparator.comparingLong(StoredJob::dueMillis).thenComparingLong(StoredJob::place);

    /** Of those that wait, who has waited longest comes first. */
    static final Comparator<StoredJob> BY_WAIT =
            Comparator.comparingLong(StoredJob::waitsSinceMillis).thenComparingLong(StoredJob::place);

    private final byte[] bytes;
    private final @Nullable String line;
    private final @Nullable String schedule;
    private final long place;
    /** Of one that waits, since when; of others, when they are due. One field for both keeps it small. */
    private final long timeMillis;

    private final int priority;
    private final JobState state;
    private final boolean tried;
    private @Nullable String key;

    private StoredJob(byte[] bytes, JobRow row, @Nullable String key) {
        this.bytes = bytes;
        this.line = row.getKey().isEmpty() ? null : row.getKey();
        this.schedule = row.getSchedule().isEmpty() ? null : row.getSchedule();
        this.place = row.getPlace() == 0 ? row.getTicket() : row.getPlace();
        this.priority = row.getPriority();
        this.state = row.getState();
        this.timeMillis = timeMillis(row);
        this.tried = row.getAttempts() != 0;
        this.key = key;
    }

    private static long timeMillis(JobRow row) {
        if (row.getState() == JobState.WAITING) {
            return row.getSinceMillis();
        }
        return row.hasLease() ? row.getLease().getDeadlineMillis() : row.getDueMillis();
    }

    /** @param key of the row */
    static StoredJob of(String key, JobRow row) {
        return new StoredJob(row.toByteArray(), row, key);
    }

    /** Its key must follow. */
    static StoredJob parse(byte[] bytes) throws InvalidProtocolBufferException {
        return new StoredJob(bytes, JobRow.parseFrom(bytes), null);
    }

    void setKey(String rowKey) {
        key = rowKey;
    }

    /** Of the row. */
    String key() {
        if (key == null) {
            throw new IllegalStateException("a job has no key yet");
        }
        return key;
    }

    String id() {
        return QueuePlace.idOf(key());
    }

    JobRow row() {
        try {
            return JobRow.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("the row of a job is damaged", e);
        }
    }

    /** Not to be changed. */
    byte[] bytes() {
        return bytes;
    }

    /** The key in whose order it is; null for none. */
    @Nullable
    String line() {
        return line;
    }

    /** The name of the schedule that it is a firing of; null for none. */
    @Nullable
    String schedule() {
        return schedule;
    }

    long place() {
        return place;
    }

    /** Cluster time: when it may run, or when its attempt is over; 0 for neither. */
    long dueMillis() {
        return state == JobState.WAITING ? 0 : timeMillis;
    }

    /** Cluster time: of one that waits, since when; 0 for others. */
    long waitsSinceMillis() {
        return state == JobState.WAITING ? timeMillis : 0;
    }

    JobState state() {
        return state;
    }

    /** Whether it waits or runs. */
    boolean isUnfinished() {
        return state == JobState.DELAYED || state == JobState.WAITING || state == JobState.RUNNING;
    }

    boolean isFinished() {
        return state == JobState.SUCCEEDED || state == JobState.CANCELED;
    }

    /** Whether it waits for another attempt, and those of its key behind it for that. */
    boolean backsOff() {
        return state == JobState.DELAYED && tried;
    }
}
