package io.coordinator.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ServerFrame;
import io.coordinator.protocol.StartWatch;
import io.coordinator.protocol.WatchUpdate;
import io.coordinator.server.watch.EventHub;
import io.coordinator.server.watch.WatchLimits;
import io.coordinator.server.watch.WatchSet;
import io.coordinator.state.Limits;
import io.coordinator.state.MessageGate;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.BooleanSupplier;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a thread does for one stream before it leaves the rest to another. */
class OutboxTest {
    private static final int CHANGES = 10_000;
    private static final int WATCHES = 50;
    private static final int STEPS = 100;
    private static final int WATCH_REFUSALS = 10_000;

    private final Queue<Runnable> later = new ArrayDeque<>();
    private final Outgoing node = new Outgoing(1 << 20, 1 << 20, 1_000, later::add);
    private final EventHub hub = new EventHub(
            new WatchLimits(new MessageGate(Limits.DEFAULT), 100, 1_000, 1 << 20), 1 << 20, 1 << 24, 100, bug -> {});
    private final WatchSet watches = hub.open(() -> {});
    private final FakeSink sink = new FakeSink();
    private final StreamAccount account = new StreamAccount(node);
    private final Backlog backlog = new Backlog(sink, account, 100);
    private BooleanSupplier pump = () -> false;

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    @Feature("C-08")
    void watchesThatMatchNothingDoNotKeepTheThreadThatDrains() {
        for (int i = 0; i < CHANGES; i++) {
            hub.append(List.of(Change.newBuilder()
                    .setRevision(101 + i)
                    .setData(DataKind.CACHE)
                    .setNamespace("n")
                    .setKey("busy")
                    .build()));
        }
        for (int id = 1; id <= WATCHES; id++) {
            assertThat(watches.start(StartWatch.newBuilder()
                            .setId(id)
                            .setData(DataKind.CACHE)
                            .setNamespace("n")
                            .setKey("quiet")
                            .setFromRevision(101)
                            .build()))
                    .isEmpty();
        }
        Outbox outbox = outbox();
        outbox.drain();
        assertThat(caughtUp()).isZero();
        assertThat(later).hasSize(1);
        outbox.drain();
        assertThat(later).as("nobody else is asked meanwhile").hasSize(1);

        int turns = 0;
        while (!later.isEmpty()) {
            later.remove().run();
            turns++;
        }
        assertThat(caughtUp()).isEqualTo(WATCHES);
        assertThat(turns).isGreaterThan(50);
    }

    @Test
    @Feature("C-29")
    void whoIsToAcknowledgeGetsWhatIsQueuedBeforeTheGoodbye() {
        sink.takenMax = 0;
        Outbox outbox = outbox();
        outbox.replies(List.of(Reply.newBuilder().setSeq(1).build()));
        outbox.goodbyeAfterAll(Error.newBuilder().setCode(ErrorCode.EOUTOFORDER).build());
        outbox.drain();
        assertThat(sink.sent).as("nothing is taken").isEmpty();

        sink.takenMax = Integer.MAX_VALUE;
        outbox.drain();
        assertThat(sink.sent.stream().mapToInt(ServerFrame::getRepliesCount).sum())
                .isOne();
        assertThat(sink.sent.get(sink.sent.size() - 1).getGoodbye().getCode()).isEqualTo(ErrorCode.EOUTOFORDER);
    }

    @Test
    @Feature("C-08")
    void reasonsWhyWatchesDoNotStartAreWrittenAsTheyAreTaken() {
        sink.takenMax = 0;
        Outbox outbox = outbox();
        backlog.received(WATCH_REFUSALS);
        backlog.wantFrame();
        outbox.watchRefusals(refusals());
        outbox.drain();
        assertThat(sink.sent).as("nothing is taken").isEmpty();
        assertThat(node.bytes()).isZero();
        assertThat(account.hasRoom()).as("the stream owes them").isFalse();
        assertThat(backlog.isPaused()).isTrue();

        sink.takenMax = 2;
        outbox.drain();
        assertThat(sink.sent).as("as many frames as are taken").hasSize(2);
        assertThat(node.bytes()).isLessThan(2 * FrameWriter.FRAME_BYTES);
        assertThat(backlog.isPaused()).isTrue();

        sink.takenMax = Integer.MAX_VALUE;
        outbox.drain();
        assertThat(sink.sent.stream()
                        .flatMap(frame -> frame.getWatchesList().stream())
                        .map(WatchUpdate::getId))
                .hasSize(WATCH_REFUSALS)
                .isSorted();
        assertThat(backlog.isPaused()).isFalse();
    }

    @Test
    @Feature("A-02")
    void itIsEmptyOnceTheTransportHasEverything() {
        sink.takenMax = 0;
        Outbox outbox = outbox();
        assertThat(outbox.isEmpty()).isTrue();
        outbox.replies(List.of(Reply.newBuilder().setSeq(1).build()));
        outbox.drain();
        assertThat(outbox.isEmpty()).isFalse();
        sink.takenMax = Integer.MAX_VALUE;
        outbox.drain();
        assertThat(outbox.isEmpty()).isTrue();

        watches.start(StartWatch.newBuilder()
                .setId(1)
                .setData(DataKind.CACHE)
                .setNamespace("n")
                .setKey("k")
                .build());
        assertThat(outbox.isEmpty()).isFalse();
        outbox.drain();
        assertThat(caughtUp()).isEqualTo(1);
        assertThat(outbox.isEmpty()).isTrue();
    }

    @Test
    @Feature("C-08")
    void reasonsWhyWatchesDoNotStartWaitForRoomInTheAccount() {
        node.charge(2L << 20);
        Outbox outbox = outbox();
        outbox.watchRefusals(refusals());
        outbox.drain();
        assertThat(sink.sent).isEmpty();
        assertThat(node.waiting()).isOne();
    }

    @Test
    @Feature("C-08")
    void queriesDoNotKeepTheThreadThatDrainsHoweverFastTheirAnswersAreTaken() {
        Outbox outbox = outbox();
        int[] steps = {0};
        pump = () -> {
            if (steps[0] == STEPS) {
                return false;
            }
            steps[0]++;
            outbox.answers(List.of(Answer.newBuilder().setId(steps[0]).build()));
            outbox.drain();
            return true;
        };
        outbox.drain();
        assertThat(steps[0]).isEqualTo(2);
        assertThat(later).hasSize(1);

        int turns = 0;
        while (!later.isEmpty()) {
            later.remove().run();
            turns++;
        }
        assertThat(steps[0]).isEqualTo(STEPS);
        assertThat(turns).isEqualTo(STEPS / 2);
        assertThat(sink.sent.stream()
                        .flatMap(frame -> frame.getAnswersList().stream())
                        .map(Answer::getId))
                .hasSize(STEPS)
                .isSorted();
    }

    private static List<WatchUpdate> refusals() {
        Error reason = Error.newBuilder()
                .setCode(ErrorCode.ECOMPACTED)
                .setMessage("x".repeat(100))
                .build();
        return LongStream.range(0, WATCH_REFUSALS)
                .mapToObj(id ->
                        WatchUpdate.newBuilder().setId(id).setEnded(reason).build())
                .toList();
    }

    private long caughtUp() {
        return sink.sent.stream()
                .flatMap(frame -> frame.getWatchesList().stream())
                .filter(WatchUpdate::getCaughtUp)
                .count();
    }

    private Outbox outbox() {
        Outgoing.Member member = new Outgoing.Member() {
            @Override
            public void resume() {}

            @Override
            public void sweep(long nowNanos) {}
        };
        Outbox.Sources sources = new Outbox.Sources() {
            @Override
            public boolean pumpReads() {
                return pump.getAsBoolean();
            }

            @Override
            public void fetchEvents(long after) {}
        };
        Outbox outbox = new Outbox(sink, account, backlog, node, member, sources);
        outbox.watches(watches);
        return outbox;
    }
}
