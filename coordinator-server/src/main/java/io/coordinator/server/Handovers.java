package io.coordinator.server;

import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Member;
import io.coordinator.protocol.Role;
import io.coordinator.server.member.MemberView;
import io.coordinator.server.net.RefusedException;
import io.coordinator.server.raft.LogStatus;
import io.coordinator.server.raft.RaftLog;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Which hand-overs of leadership can be asked for, by whom it may be asked, and how often. */
final class Handovers {
    private static final Duration TIMEOUT = Duration.ofSeconds(3);

    private final String self;
    private final List<String> members;
    private final RaftLog log;
    private final LeadershipCycle cycle;

    /**
     * The hand-overs of a node.
     *
     * @param members the ids of all, this node's among them
     */
    Handovers(String self, List<String> members, RaftLog log, LeadershipCycle cycle) {
        this.self = self;
        this.members = List.copyOf(members);
        this.log = log;
        this.cycle = cycle;
    }

    /** Those of a node among the members of now. */
    static Handovers of(String self, MemberView view, RaftLog log, LeadershipCycle cycle) {
        return new Handovers(self, view.members().stream().map(Member::getNode).toList(), log, cycle);
    }

    /**
     * As a client asks for it: not within the pause after the last.
     *
     * @param to empty for any other member
     * @return the node that leads then; fails with a {@link RefusedException}
     */
    CompletableFuture<String> ask(Optional<String> to) {
        return attempt(to, TIMEOUT, true);
    }

    /** As the node itself wants it, which may be about to stop: whenever it likes. */
    CompletableFuture<String> handOver(Optional<String> to, Duration timeout) {
        return attempt(to, timeout, false);
    }

    private CompletableFuture<String> attempt(Optional<String> to, Duration timeout, boolean paused) {
        try {
            if (requireSense(to)) {
                return CompletableFuture.completedFuture(self);
            }
            if (paused) {
                requireNoPause();
            }
            return cycle.transfer(log, requireHeir(to), timeout)
                    .thenApply(done -> log.status().leader().orElse(""));
        } catch (RefusedException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** Whether it is done already. */
    private boolean requireSense(Optional<String> to) {
        to.ifPresent(this::requireMember);
        LogStatus status = log.status();
        if (status.role() != Role.LEADER) {
            throw status.leader().filter(leader -> !leader.equals(self)).isPresent()
                    ? new RefusedException(
                            ErrorCode.ENOTLEADER,
                            self + " does not lead, so it cannot hand over; ask "
                                    + status.leader().get())
                    : new RefusedException(
                            ErrorCode.ENOLEADER, self + " does not lead, and knows of no leader; try again later");
        }
        if (to.isEmpty() && members.stream().allMatch(self::equals)) {
            throw new RefusedException(
                    ErrorCode.EINVAL, self + " is the only member; there is no other that could take over");
        }
        return to.filter(self::equals).isPresent();
    }

    private void requireMember(String to) {
        if (!members.contains(to)) {
            throw new RefusedException(
                    ErrorCode.EINVAL, "there is no member '" + to + "'; the members are " + String.join(", ", members));
        }
    }

    private void requireNoPause() {
        long left = cycle.pause().leftMillis();
        if (left > 0) {
            throw new RefusedException(Error.newBuilder()
                    .setCode(ErrorCode.EBUSY)
                    .setMessage("leadership was handed over, or was to be, less than "
                            + HandoverPause.LENGTH.toSeconds() + " s ago; try again in " + left + " ms")
                    .setRetryAfterMillis(left)
                    .build());
        }
    }

    private String requireHeir(Optional<String> to) {
        return log.heir(to)
                .orElseThrow(() -> new RefusedException(
                        ErrorCode.EBROKER,
                        self + " goes on leading: it has not heard of " + to.orElse("another member")
                                + " lately; see that it runs and can be reached"));
    }
}
