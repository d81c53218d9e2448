package io.coordinator.server.tick;

import io.coordinator.protocol.Member;
import io.coordinator.protocol.NodeStatusReply;
import io.coordinator.server.propose.Proposer;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the members last told of themselves. The leader asks all of them now and then, once for all who want to know,
 * and tells these.
 */
public final class MemberSurvey implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MemberSurvey.class);
    private static final long FIRST_MILLIS = 500;
    private static final long INTERVAL_MILLIS = 10_000;

    private final String self;
    private final Supplier<NodeStatusReply> own;
    private final Supplier<List<Member>> members;
    private final Function<String, CompletableFuture<NodeStatusReply>> others;
    private final Proposer proposer;
    private final Map<String, NodeStatusReply> known = new ConcurrentHashMap<>();
    private final List<Runnable> followers = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "coordinator-survey");
        thread.setDaemon(true);
        return thread;
    });

    /**
     * Asks nobody yet; see {@link #start}.
     *
     * @param self this node's id
     * @param own how this node sees itself
     * @param members all of the cluster, this node among them
     * @param others asks the node at a client address; never blocks
     * @param proposer open while this node leads
     */
    public MemberSurvey(
            String self,
            Supplier<NodeStatusReply> own,
            Supplier<List<Member>> members,
            Function<String, CompletableFuture<NodeStatusReply>> others,
            Proposer proposer) {
        this.self = self;
        this.own = own;
        this.members = members;
        this.others = others;
        this.proposer = proposer;
    }

    /** Calls back after each answer. */
    public void follow(Runnable follower) {
        followers.add(follower);
    }

    /** Begins to ask. */
    public void start() {
        var unused = clock.scheduleWithFixedDelay(this::look, FIRST_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** What the members said last, this node included; who has said nothing yet is missing. */
    public Collection<NodeStatusReply> known() {
        return List.copyOf(known.values());
    }

    /** Asks every member now; completes when each has answered or will not, in their order. Never fails. */
    public CompletableFuture<List<MemberAnswer>> askAll() {
        List<CompletableFuture<MemberAnswer>> asked =
                members.get().stream().map(this::ask).toList();
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                .thenApply(done -> asked.stream().map(CompletableFuture::join).toList());
    }

    private CompletableFuture<MemberAnswer> ask(Member member) {
        CompletableFuture<NodeStatusReply> status = member.getNode().equals(self)
                ? CompletableFuture.completedFuture(own.get())
                : others.apply(member.getClientAddress());
        return status.handle((answer, failure) -> heard(MemberAnswer.of(member, answer, failure)));
    }

    private void look() {
        try {
            if (!proposer.isOpen()) {
                return;
            }
            List<Member> all = members.get();
            Set<String> names = all.stream().map(Member::getNode).collect(Collectors.toSet());
            known.keySet().retainAll(names);
            known.put(self, own.get());
            all.forEach(member -> {
                var unused = ask(member);
            });
        } catch (RuntimeException e) {
            LOG.error("the members were not asked", e);
        }
    }

    private MemberAnswer heard(MemberAnswer answer) {
        answer.status().ifPresent(status -> {
            known.put(status.getNode(), status);
            tell();
        });
        return answer;
    }

    private void tell() {
        for (Runnable follower : followers) {
            try {
                follower.run();
            } catch (RuntimeException e) {
                LOG.error("what the members told was not looked at", e);
            }
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
