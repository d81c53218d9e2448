package io.coordinator.state.job;

import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.JobRow;
import io.coordinator.protocol.JobState;
import io.coordinator.state.kernel.Pools;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;
import io.coordinator.state.kernel.UndoLog;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The jobs, one row each, and their orders by queue. */
final class JobRows {
    static final int NUMBER = 2;

    private final Table<StoredJob> rows;
    private final UndoLog undo;
    /** By owner. */
    private final Map<String, JobIndex> indexes = new HashMap<>();

    private final FiringIndex firings = new FiringIndex();

    JobRows(Storage storage) {
        rows = storage.sortedTable(DataKind.JOB, NUMBER, new StoredJobFormat(), StoredJob::dueMillis);
        undo = storage.undo();
    }

    /** By the key of its row, also if a purge has taken it out; null if there is none. */
    @Nullable
    StoredJob row(String key) {
        return rows.get(key);
    }

    /** Null if there is none, or it is as good as gone. */
    @Nullable
    StoredJob find(QueuePlace place, String id) {
        StoredJob job = rows.get(place.key(id));
        return job == null || of(place).isPurged(job) ? null : job;
    }

    StoredJob add(QueuePlace place, String id, JobRow row) {
        return set(place, StoredJob.of(place.key(id), row));
    }

    StoredJob replace(QueuePlace place, StoredJob job, JobRow row) {
        return set(place, StoredJob.of(job.key(), row));
    }

    private StoredJob set(QueuePlace place, StoredJob job) {
        StoredJob before = rows.get(job.key());
        rows.put(job.key(), job);
        derive(obtain(place.owner()), before, job);
        return job;
    }

    void remove(QueuePlace place, StoredJob job) {
        rows.remove(job.key());
        derive(obtain(place.owner()), job, null);
    }

    private void derive(JobIndex index, @Nullable StoredJob before, @Nullable StoredJob after) {
        index.set(before, after);
        firings.set(before, after);
        undo.add(() -> {
            firings.set(after, before);
            index.set(after, before);
        });
    }

    /** The orders of a queue; to be asked only. */
    JobIndex of(QueuePlace place) {
        JobIndex index = indexes.get(place.owner());
        return index == null ? new JobIndex() : index;
    }

    /** The same, to be changed. */
    JobIndex obtain(String owner) {
        JobIndex index = indexes.get(owner);
        if (index == null) {
            JobIndex made = new JobIndex();
            indexes.put(owner, made);
            undo.add(() -> indexes.remove(owner));
            return made;
        }
        return index;
    }

    /** Of a queue of which no job is left. */
    void forget(QueuePlace place) {
        JobIndex index = indexes.remove(place.owner());
        if (index != null) {
            undo.add(() -> indexes.put(place.owner(), index));
        }
    }

    /** By schedule. */
    FiringIndex firings() {
        return firings;
    }

    int size() {
        return rows.size();
    }

    /** The first of a queue in the order of ids behind one; null if there is none. */
    @Nullable
    StoredJob after(QueuePlace place, String id) {
        String key = id.isEmpty() ? rows.ceilingKey(place.key("")) : rows.higherKey(place.key(id));
        return key == null || !key.startsWith(place.key("")) ? null : rows.get(key);
    }

    /** Derives the orders, and tells the pools who has what; these have their members by now. */
    void rebuild(Pools pools) {
        rows.forEachInOrder((key, job) -> {
            job.setKey(key);
            String owner = QueuePlace.ownerOf(key);
            obtain(owner).set(null, job);
            firings.set(null, job);
            if (job.state() == JobState.RUNNING) {
                pools.restore(owner, job.row().getLease(), key);
            }
        });
    }
}
