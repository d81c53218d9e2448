package io.coordinator.server.raft;

import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Optional;
import org.apache.ratis.server.RaftServer;

/**
 * Has a leader look whether those who are to come into its group still answer. Ratis 3.3.0 looks when one of them has
 * answered, or when nothing else happens; so one that dies in between holds up every later change for as long as there
 * are other entries. If a later version has no such methods and fields, the node does not start, and says so.
 */
final class StagingNudge {
    private final RaftServer.Division division;
    private final Method role;
    private final Method leaderState;
    private final Field queue;
    private final Field check;
    private final Method submit;

    /** @throws IllegalStateException if this version of Ratis is built differently */
    StagingNudge(RaftServer.Division division) {
        this.division = division;
        try {
            role = method(division.getClass(), "getRole");
            leaderState = method(role.getReturnType(), "getLeaderState");
            Class<?> leader = Class.forName("org.apache.ratis.server.impl.LeaderStateImpl");
            queue = field(leader, "eventQueue");
            check = field(leader, "checkStagingEvent");
            submit = method(queue.getType(), "submit", check.getType());
        } catch (ReflectiveOperationException | RuntimeException e) {
            throw new IllegalStateException(
                    "this version of Ratis lets members in in another way than 3.3.0, so one that dies meanwhile could"
                            + " hold up all others; StagingNudge must be adapted",
                    e);
        }
    }

    private static Method method(Class<?> owner, String name, Class<?>... parameters) throws NoSuchMethodException {
        Method method = owner.getDeclaredMethod(name, parameters);
        method.setAccessible(true);
        return method;
    }

    private static Field field(Class<?> owner, String name) throws NoSuchFieldException {
        Field field = owner.getDeclaredField(name);
        field.setAccessible(true);
        return field;
    }

    /** Does nothing on a node that does not lead. */
    void nudge() {
        try {
            Optional<?> leader = (Optional<?>) leaderState.invoke(role.invoke(division));
            if (leader.isPresent()) {
                submit.invoke(queue.get(leader.get()), check.get(leader.get()));
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("Ratis did not look at those who are to come", e);
        }
    }
}
