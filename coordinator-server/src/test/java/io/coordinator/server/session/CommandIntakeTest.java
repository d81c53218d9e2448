package io.coordinator.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.Acknowledge;
import io.coordinator.protocol.CacheCommand;
import io.coordinator.protocol.CloseSession;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Entry;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Increment;
import io.coordinator.protocol.OpenSession;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.SessionCommand;
import io.coordinator.server.propose.Proposal;
import io.coordinator.state.Coordinator;
import io.coordinator.state.Limits;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Refused commands use up their numbers without a log entry of their own, and what a client is told is true. */
@Feature("G-5")
class CommandIntakeTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Error BUSY = SessionRefusals.of(ErrorCode.EBUSY, "busy");

    private final Coordinator core = new Coordinator(Limits.DEFAULT);
    private final long session = open();
    private final Deque<Proposal> queue = new ArrayDeque<>();
    private final Set<Long> refused = new HashSet<>();
    private long index = 1;
    private long sum;

    private long open() {
        Command command = Command.newBuilder()
                .setSession(SessionCommand.newBuilder()
                        .setOpen(OpenSession.newBuilder()
                                .setResumeToken(ByteString.copyFrom(new byte[16]))
                                .setLeaseMillis(10_000)))
                .build();
        return core.apply(1, Entry.newBuilder().addCommands(command).build())
                .replies()
                .get(0)
                .getSession()
                .getOpened()
                .getSessionId();
    }

    @Test
    void aRunOfRefusalsRidesOnTheNextAdmittedCommand() {
        Told told = new Told();
        CommandIntake intake = intake(told);
        refused.addAll(List.of(2L, 3L));
        take(intake, commands(1, 4));

        assertThat(queue).hasSize(1);
        assertThat(queue.element().commands()).extracting(Command::getSeq).containsExactly(1L, 4L);
        assertThat(queue.element().commands()).extracting(Command::getSkips).containsExactly(0L, 2L);
        applyAll();
        assertThat(told.outcomes.keySet()).containsExactly(1L, 2L, 3L, 4L);
        assertThat(told.code(2)).isEqualTo(ErrorCode.EBUSY);
        assertThat(told.code(3)).isEqualTo(ErrorCode.EBUSY);
        assertThat(sum).isEqualTo(2);
    }

    @Test
    @Feature("G-15")
    void aThousandRefusalsCostAtMostTwoLogCommandsHoweverTheyArrive() {
        Told told = new Told();
        CommandIntake intake = intake(told);
        for (long seq = 1; seq <= 1_000; seq++) {
            refused.add(seq);
            take(intake, commands(seq, seq));
        }
        assertThat(told.outcomes).as("nobody is told before the core knows").isEmpty();
        int entries = applyAll();

        assertThat(entries).isEqualTo(2);
        assertThat(told.outcomes).hasSize(1_000);
        assertThat(told.outcomes.values()).allMatch(reply -> reply.getError().getCode() == ErrorCode.EBUSY);
        assertThat(core.session(session).orElseThrow().lastSeq()).isEqualTo(1_000);
    }

    @Test
    void aCommandThatAnotherConnectionHasAppliedIsNotToldRefused() {
        CommandIntake old = intake(new Told());
        take(old, commands(1, 2));
        Told told = new Told();
        CommandIntake resumed = intake(told);
        refused.add(1L);
        take(resumed, commands(1, 3));
        applyAll();

        assertThat(told.outOfOrder).as("the client must ask again").isTrue();
        assertThat(told.outcomes).isEmpty();
        Told again = new Told();
        take(intake(again), commands(1, 3));
        applyAll();
        assertThat(counted(again.outcomes.get(1L))).isEqualTo(1);
        assertThat(sum).isEqualTo(3);
    }

    @Test
    void aNumberOnceRefusedStaysUnapplied() {
        refused.add(1L);
        take(intake(new Told()), commands(1, 1));
        applyAll();
        refused.clear();
        Told told = new Told();
        take(intake(told), commands(1, 2));
        applyAll();

        assertThat(told.code(1)).isEqualTo(ErrorCode.EBUSY);
        assertThat(counted(told.outcomes.get(2L))).isEqualTo(1);
    }

    @Test
    @Feature("C-08")
    void acknowledgementsAtAFullQueueCostNoLogCommandEach() {
        Told told = new Told();
        IntakeRules full = new IntakeRules(command -> Optional.empty(), () -> true, () -> false, Optional::empty, 100);
        CommandIntake intake = new CommandIntake(0, full, queue::add, told);
        for (long frame = 0; frame < 4; frame++) {
            take(intake, acknowledgements(frame * 1_000 + 1, frame * 1_000 + 1_000));
        }
        assertThat(queuedCommands()).isEqualTo(1);
        assertThat(applyAll()).isEqualTo(2);
        assertThat(told.outcomes).hasSize(4_000);
        assertThat(told.outcomes.values()).allMatch(reply -> reply.getError().getCode() == ErrorCode.EBUSY);
        assertThat(core.session(session).orElseThrow().lastSeq()).isEqualTo(4_000);
    }

    @Test
    @Feature("C-08")
    void whatGoesPastAFullQueueEndsItsStreamWhenTheQueueHasTwiceAsMuch() {
        int full = 100;
        IntakeRules admission = new IntakeRules(
                command -> Optional.empty(),
                () -> queuedCommands() >= full,
                () -> queuedCommands() >= 2 * full,
                Optional::empty,
                100);
        List<IntFunction<List<Command>>> floods = List.of(
                frame -> Collections.nCopies(10, acknowledgements(1, 1).get(0)),
                frame ->
                        List.of(acknowledgements(2L * frame + 2, 2L * frame + 2).get(0)),
                frame -> closes(10L * frame + 1, 10L * frame + 10));
        for (IntFunction<List<Command>> flood : floods) {
            queue.clear();
            CommandIntake intake = new CommandIntake(0, admission, queue::add, new Told());
            Optional<Error> end = Optional.empty();
            for (int frame = 0; frame < 1_000 && end.isEmpty(); frame++) {
                end = take(intake, flood.apply(frame));
            }
            assertThat(end.orElseThrow().getCode()).isEqualTo(ErrorCode.EBUSY);
            assertThat(end.orElseThrow().getRetryAfterMillis()).isEqualTo(100);
            assertThat(queuedCommands()).isEqualTo(2 * full);
        }
    }

    @Test
    @Feature("C-08")
    void theApplyingThreadDoesNotWaitForTheExaminationOfAFrame() throws Exception {
        CountDownLatch looking = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        CommandIntake.Gate gate = command -> {
            if (command.getSeq() > 1) {
                looking.countDown();
                awaitPatiently(enough);
            }
            return Optional.of(BUSY);
        };
        CommandIntake intake = new CommandIntake(0, gate, queue::add, new Told());
        take(intake, commands(1, 1));
        CompletableFuture<Void> frame = CompletableFuture.runAsync(() -> take(intake, commands(2, 11)));
        awaitPatiently(looking);
        CompletableFuture<Void> applying = CompletableFuture.runAsync(this::applyNext);
        try {
            assertThat(applying).succeedsWithin(PATIENCE);
        } finally {
            enough.countDown();
        }
        assertThat(frame).succeedsWithin(PATIENCE);
        assertThat(applyAll()).isEqualTo(1);
        assertThat(core.session(session).orElseThrow().lastSeq()).isEqualTo(11);
    }

    @Test
    @Feature("C-08")
    void theApplyingThreadDoesNotWaitForTheLockWhoseOwnerGoesOnInItsPlace() throws Exception {
        CountDownLatch proposing = new CountDownLatch(1);
        CountDownLatch enough = new CountDownLatch(1);
        Queue<Proposal> proposed = new ConcurrentLinkedQueue<>();
        Consumer<Proposal> proposer = proposal -> {
            proposed.add(proposal);
            if (proposal.commands().get(0).getSeq() == 3) {
                proposing.countDown();
                awaitPatiently(enough);
            }
        };
        CommandIntake.Gate gate = command -> command.getSeq() == 3 ? Optional.empty() : Optional.of(BUSY);
        CommandIntake intake = new CommandIntake(0, gate, proposer, new Told());
        take(intake, commands(1, 1));
        take(intake, commands(2, 2));
        assertThat(proposed).as("the second waits for the first").hasSize(1);
        queue.add(proposed.remove());
        CompletableFuture<Void> frame = CompletableFuture.runAsync(() -> take(intake, commands(3, 4)));
        awaitPatiently(proposing);
        CompletableFuture<Void> applying = CompletableFuture.runAsync(this::applyNext);
        try {
            assertThat(applying).succeedsWithin(PATIENCE);
        } finally {
            enough.countDown();
        }
        assertThat(frame).succeedsWithin(PATIENCE);
        queue.addAll(proposed);
        assertThat(applyAll()).as("the frame, and what was refused after it").isEqualTo(2);
        assertThat(core.session(session).orElseThrow().lastSeq()).isEqualTo(4);
    }

    private static void awaitPatiently(CountDownLatch latch) {
        try {
            assertThat(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Streams break, replies are lost, queues of dead streams are applied later; every number has one truth. */
    @Test
    @Feature("G-5")
    void whateverHappensEveryClientIsToldTheTruth() {
        long seed = ThreadLocalRandom.current().nextLong();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        long last = 2_000;
        Map<Long, Reply> known = new TreeMap<>();
        long next = 1;
        while (known.size() < last) {
            Told told = new Told();
            CommandIntake intake = intake(told);
            long acked = firstUnknown(known) - 1;
            long resend = acked + 1;
            for (int turn = random.nextInt(12); turn >= 0 && !told.outOfOrder; turn--) {
                long to = Math.min(last, Math.max(resend, next) + random.nextInt(6));
                refuseSome(random, last);
                take(intake, commands(resend, to));
                resend = to + 1;
                next = Math.max(next, resend);
                applySome(random);
            }
            if (random.nextInt(3) > 0) {
                // Otherwise its replies are lost with the stream.
                told.outcomes.forEach(known::putIfAbsent);
            }
            if (random.nextInt(4) == 0) {
                queue.clear(); // a new leader: what was queued is lost
            }
        }
        applyAll();
        long applied = known.values().stream().filter(Reply::hasCache).count();
        assertThat(sum).as("increments told as applied, seed %d", seed).isEqualTo(applied);
        assertThat(known.values().stream().filter(Reply::hasCache).map(CommandIntakeTest::counted))
                .as("in order, none twice, seed %d", seed)
                .isSorted()
                .doesNotHaveDuplicates();
        assertThat(known.values().stream().filter(Reply::hasError))
                .allMatch(reply -> reply.getError().getCode() == ErrorCode.EBUSY);
    }

    /** The number after an increment; 0 if the reply is to none. */
    private static long counted(@Nullable Reply reply) {
        return reply == null || !reply.hasCache()
                ? 0
                : Long.parseLong(reply.getCache().getIncremented().getValue().toStringUtf8());
    }

    private static long firstUnknown(Map<Long, Reply> known) {
        long seq = 1;
        while (known.containsKey(seq)) {
            seq++;
        }
        return seq;
    }

    private void refuseSome(Random random, long last) {
        refused.clear();
        int share = random.nextInt(4);
        for (long seq = 1; seq <= last && share > 0; seq++) {
            if (random.nextInt(4) < share) {
                refused.add(seq);
            }
        }
    }

    private static Optional<Error> take(CommandIntake intake, List<Command> commands) {
        Examination frame = intake.examine(commands, 0);
        assertThat(frame.goOn(() -> false)).isTrue();
        return intake.take(frame);
    }

    private CommandIntake intake(Told told) {
        return new CommandIntake(
                core.session(session).orElseThrow().lastSeq(),
                command -> refused.contains(command.getSeq()) ? Optional.of(BUSY) : Optional.empty(),
                queue::add,
                told);
    }

    private List<Command> commands(long from, long to) {
        List<Command> commands = new ArrayList<>();
        for (long seq = from; seq <= to; seq++) {
            commands.add(Command.newBuilder()
                    .setSessionId(session)
                    .setSeq(seq)
                    .setCache(CacheCommand.newBuilder()
                            .setNamespace("default")
                            .setKey("sum")
                            .setIncrement(Increment.newBuilder().setBy(1)))
                    .build());
        }
        return commands;
    }

    private List<Command> acknowledgements(long from, long to) {
        return ofSession(SessionCommand.newBuilder().setAcknowledge(Acknowledge.getDefaultInstance()), from, to);
    }

    private List<Command> closes(long from, long to) {
        return ofSession(SessionCommand.newBuilder().setClose(CloseSession.getDefaultInstance()), from, to);
    }

    private List<Command> ofSession(SessionCommand.Builder body, long from, long to) {
        return LongStream.rangeClosed(from, to)
                .mapToObj(seq -> Command.newBuilder()
                        .setSessionId(session)
                        .setSeq(seq)
                        .setAckedSeq(seq - 1)
                        .setSession(body)
                        .build())
                .toList();
    }

    private int queuedCommands() {
        return queue.stream().mapToInt(proposal -> proposal.commands().size()).sum();
    }

    private int applyAll() {
        int entries = 0;
        while (!queue.isEmpty()) {
            applyNext();
            entries++;
        }
        return entries;
    }

    private void applySome(Random random) {
        for (int i = random.nextInt(4); i > 0 && !queue.isEmpty(); i--) {
            applyNext();
        }
    }

    private void applyNext() {
        Proposal proposal = queue.remove();
        List<Reply> replies = core.apply(
                        ++index,
                        Entry.newBuilder().addAllCommands(proposal.commands()).build())
                .replies();
        for (Reply reply : replies) {
            sum = Math.max(sum, counted(reply));
        }
        proposal.applied(0, replies);
    }

    /** What one stream was told, until it ended. */
    private static final class Told implements CommandIntake.Receiver {
        private final Map<Long, Reply> outcomes = new TreeMap<>();
        private boolean outOfOrder;

        @Override
        public void applied(List<Reply> replies) {
            for (Reply reply : replies) {
                outOfOrder |= reply.getError().getCode() == ErrorCode.EOUTOFORDER;
                if (!outOfOrder) {
                    outcomes.putIfAbsent(reply.getSeq(), reply);
                }
            }
        }

        @Override
        public void leadershipLost() {
            throw new AssertionError("nobody loses leadership here");
        }

        ErrorCode code(long seq) {
            Reply reply = outcomes.getOrDefault(seq, Reply.getDefaultInstance());
            return reply.getError().getCode();
        }
    }
}
