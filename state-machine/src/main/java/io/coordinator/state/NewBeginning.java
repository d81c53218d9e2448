package io.coordinator.state;

import io.coordinator.protocol.ClusterCommand;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.ExpireSession;
import io.coordinator.protocol.MemberRow;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.state.kernel.DataType;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes of a copy of a cluster's state that of a new cluster with one member. Whoever knew the old cluster may have
 * seen more than the copy holds. So all sessions end, with what they hold, and every number that clients have seen goes
 * on so far ahead that none is given out twice: revisions, tokens, tickets, ids of sessions, offsets of topics.
 *
 * <p>Done before the member starts, and no part of any log: it needs none of the bounds of entries.
 *
 * @param action what is done, as the trail of acts tells it
 * @param actor who does it
 * @param reason why
 * @param clusterId of the new cluster; no other one has it
 * @param formerGroup the Raft group of the cluster that the state is from
 * @param member the one member
 * @param dateMillis now, since 1970
 */
public record NewBeginning(
        String action,
        String actor,
        String reason,
        String clusterId,
        String formerGroup,
        MemberRow member,
        long dateMillis) {
    /**
     * So many numbers are left out: more than a cluster gives out in 50 days at a million a second. As many new
     * beginnings as 2,000 leave the numbers small enough for programs that read JSON into doubles.
     */
    public static final long LEFT_OUT = 1L << 42;

    private static final int SESSIONS_AN_ENTRY = 1_000;

    /**
     * Changes the state, which is to be stored and loaded again before it is used.
     *
     * @throws IllegalStateException if that failed because of a defect; then the state is of no use
     */
    public void makeOf(Coordinator core) {
        endSessions(core);
        while (core.hasWorkLeft()) {
            apply(core, List.of());
        }
        State state = core.state();
        Recorder effects = new Recorder(state, 0);
        state.index++;
        state.dateMillis = Math.max(state.dateMillis, dateMillis);
        state.leaseReleased = false;
        state.activeVersion = Coordinator.VERSION;
        state.storage.budget().startUnbounded();
        state.counters.leaveOut(LEFT_OUT);
        for (DataType type : state.types.all()) {
            type.beginAnew(LEFT_OUT);
        }
        ClusterCommand asked =
                ClusterCommand.newBuilder().setActor(actor).setReason(reason).build();
        state.types.cluster().foundAnew(state.context(0, 0), asked, action, clusterId, formerGroup, member);
        effects.settle();
    }

    private void endSessions(Coordinator core) {
        List<SessionView> open = core.sessions();
        while (!open.isEmpty()) {
            apply(
                    core,
                    open.stream()
                            .limit(SESSIONS_AN_ENTRY)
                            .map(session -> expire(session.id()))
                            .collect(Collectors.toList()));
            open = core.sessions();
        }
    }

    private static Command expire(long sessionId) {
        return Command.newBuilder()
                .setSession(SessionCommand.newBuilder()
                        .setExpire(ExpireSession.newBuilder().setSessionId(sessionId)))
                .build();
    }

    private void apply(Coordinator core, List<Command> commands) {
        Applied applied = core.apply(
                core.index() + 1,
                Entry.newBuilder()
                        .setClusterTimeMillis(core.clusterTimeMillis())
                        .setDateMillis(dateMillis)
                        .addAllCommands(commands)
                        .build());
        if (!applied.defects().isEmpty()) {
            throw new IllegalStateException(
                    "the state cannot be brought to rest: " + applied.defects().get(0));
        }
    }
}
