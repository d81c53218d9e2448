package io.coordinator.state.topic;

import io.coordinator.protocol.Chore;
import io.coordinator.protocol.DataKind;
import io.coordinator.state.kernel.Effects;
import io.coordinator.state.kernel.Storage;
import io.coordinator.state.kernel.Table;

/**
 * Work on topics and groups that is left for later entries. Of what a group has to do there is one job at most, however
 * often it is left: a row says so.
 */
final class TopicJobs {
    /** Goes on giving messages to the members of a group. */
    static final int DISPATCH = 1;
    /** Takes back what was delivered before a group was moved; nothing is delivered meanwhile. */
    static final int TAKE_BACK = 2;
    /** Hands back what a member has that is leaving. */
    static final int LEAVE = 3;
    /** Tells the members of a group that is gone, and forgets what it had. */
    static final int END_GROUP = 4;
    /** Forgets messages. */
    static final int MESSAGES = 5;
    /** Forgets the producers of a topic that is gone. */
    static final int PRODUCERS = 6;
    /** Goes on giving messages to a session, in all its groups. */
    static final int HEARS_AGAIN = 7;

    private static final int NUMBER = 6;

    private final Table<Chore> once;

    TopicJobs(Storage storage) {
        once = storage.table(DataKind.TOPIC, NUMBER, Chore.parser(), never -> 0);
    }

    /** Whether a group has this to do. */
    boolean has(String pool, int step) {
        return once.get(key(pool, step)) != null;
    }

    /** Leaves a group something to do, unless it has it already. */
    void leaveOnce(String pool, int step, Effects effects) {
        String key = key(pool, step);
        if (once.get(key) == null) {
            Chore.Builder job = Chore.newBuilder().setSubject(pool).setStep(step);
            once.put(key, job.build());
            effects.later(DataKind.TOPIC, job);
        }
    }

    /** What a group had to do is done, or goes on as another job. */
    void done(String pool, int step) {
        once.remove(key(pool, step));
    }

    private static String key(String pool, int step) {
        return TopicKeys.item(pool, step);
    }
}
