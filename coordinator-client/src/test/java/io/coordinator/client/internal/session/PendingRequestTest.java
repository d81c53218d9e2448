package io.coordinator.client.internal.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.SessionExpiredException;
import io.coordinator.client.fake.HandLoop;
import io.coordinator.client.fake.HandTransport;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.Event;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.LockEvent;
import io.coordinator.protocol.LockGrant;
import io.coordinator.protocol.LockLost;
import io.coordinator.protocol.LockQueued;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.Reply;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whatever meets whatever, in any order: one outcome, and nothing left in the cluster that nobody knows of. */
@Feature("G-7")
class PendingRequestTest {
    private static final int MEETING = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** What can happen to a request. */
    private enum Step {
        ANSWERED_QUEUED,
        ANSWERED_GRANTED,
        ANSWERED_REFUSED,
        NEWS_OF_A_GRANT,
        NEWS_OF_A_LOSS,
        CANCELLED,
        DEADLINE_PASSED,
        PATIENCE_ENDED,
        LEASE_PASSED,
        SESSION_LOST,
        CLIENT_CLOSED
    }

    @Test
    void everyMeetingOfFourHasOneOutcome() {
        List<List<Step>> meetings = new ArrayList<>();
        collect(new ArrayList<>(), EnumSet.allOf(Step.class), meetings);
        assertThat(meetings).hasSizeGreaterThan(7_000);
        for (boolean keeps : new boolean[] {false, true}) {
            meetings.forEach(steps -> new Meeting(keeps).check(steps));
        }
    }

    private static void collect(List<Step> begun, Set<Step> left, List<List<Step>> all) {
        if (begun.size() == MEETING) {
            all.add(List.copyOf(begun));
            return;
        }
        for (Step next : left) {
            Set<Step> others = EnumSet.copyOf(left);
            others.remove(next);
            begun.add(next);
            collect(begun, others, all);
            begun.remove(begun.size() - 1);
        }
    }

    /** One request, and what ought to become of it. */
    private static final class Meeting {
        private final HandLoop loop = new HandLoop();
        private final SessionChannel channel = new SessionChannel(
                new SessionSettings(
                        List.of("n1:4701"),
                        "",
                        "pending",
                        "",
                        Duration.ofMinutes(5),
                        Duration.ofMinutes(1),
                        Duration.ofSeconds(4),
                        Duration.ofMillis(50),
                        Duration.ofSeconds(2),
                        false,
                        true,
                        100,
                        1 << 20),
                loop,
                new HandTransport(loop),
                new ConnectionStates(Runnable::run));
        private final Session session = channel.session();
        private final Wish wish;
        private final boolean keeps;
        private long events;

        // What the rules say.
        private boolean answered;
        private boolean waiting;
        private boolean open = true;
        private boolean kept;
        private int undone;

        /**
         * A request that was sent.
         *
         * @param keeps whether it looks after the grant itself, and can still give it up
         */
        Meeting(boolean keeps) {
            this.keeps = keeps;
            wish = new Wish(channel, loop, keeps);
            wish.sequence(session, 1, 0, 0);
        }

        void check(List<Step> steps) {
            for (Step step : steps) {
                take(step);
                loop.run();
                expect(step);
                assertThat(wish.undone).as("%s: undone after %s", steps, step).isEqualTo(undone);
                assertThat(wish.outcomes)
                        .as("%s: outcomes after %s", steps, step)
                        .hasSize(open ? 0 : 1);
            }
        }

        private void take(Step step) {
            switch (step) {
                case ANSWERED_QUEUED ->
                    wish.onReply(reply(LockReply.newBuilder().setQueued(LockQueued.getDefaultInstance())));
                case ANSWERED_GRANTED ->
                    wish.onReply(reply(LockReply.newBuilder()
                            .setGranted(LockGrant.newBuilder().setToken(1))));
                case ANSWERED_REFUSED ->
                    wish.onReply(Reply.newBuilder()
                            .setSeq(1)
                            .setError(Error.newBuilder().setCode(ErrorCode.EINVAL))
                            .build());
                case NEWS_OF_A_GRANT ->
                    news(LockEvent.newBuilder()
                            .setGranted(LockGrant.newBuilder().setToken(1)));
                case NEWS_OF_A_LOSS -> news(LockEvent.newBuilder().setLost(LockLost.getDefaultInstance()));
                case CANCELLED -> wish.cancel();
                case DEADLINE_PASSED -> wish.onDeadline(new RequestTimeoutException("too late", true, null));
                case PATIENCE_ENDED -> loop.pass(PATIENCE.plusSeconds(1));
                case LEASE_PASSED -> wish.onLeasePassed();
                case SESSION_LOST -> end(false);
                case CLIENT_CLOSED -> end(true);
            }
        }

        private static Reply reply(LockReply.Builder lock) {
            return Reply.newBuilder().setSeq(1).setLock(lock).build();
        }

        private void news(LockEvent.Builder lock) {
            session.deliver(Event.newBuilder()
                    .setNumber(++events)
                    .setRequestSeq(1)
                    .setLock(lock)
                    .build());
        }

        /** As a channel ends a session: what was not answered fails. */
        private void end(boolean byClient) {
            session.end(byClient);
            if (!answered) {
                wish.onFailure(new SessionExpiredException("gone", false, null));
            }
        }

        private void expect(Step step) {
            switch (step) {
                case ANSWERED_QUEUED -> {
                    waiting = waiting || (open && !answered);
                    answered = true;
                }
                case ANSWERED_GRANTED -> {
                    grant(open && !waiting && !answered);
                    answered = true;
                }
                case ANSWERED_REFUSED -> {
                    settle(open && !waiting && !answered);
                    answered = true;
                }
                case NEWS_OF_A_GRANT -> grant(open);
                case NEWS_OF_A_LOSS -> leave(open, open);
                case DEADLINE_PASSED, CANCELLED -> leave(open, open || kept);
                case PATIENCE_ENDED -> leave(open && waiting, open && waiting);
                case LEASE_PASSED -> {}
                case SESSION_LOST, CLIENT_CLOSED -> {
                    settle(open && (waiting || !answered));
                    kept = kept && answered;
                }
            }
        }

        private void grant(boolean takes) {
            if (takes) {
                open = false;
                kept = keeps;
            }
        }

        private void settle(boolean ends) {
            open = open && !ends;
        }

        private void leave(boolean ends, boolean undoes) {
            settle(ends);
            undone += undoes ? 1 : 0;
            kept = kept && !undoes;
        }
    }

    /** Asks for a lock, and counts what it is told. */
    private static final class Wish extends PendingRequest {
        private final HandLoop loop;
        private final boolean keeps;
        private final List<Object> outcomes = new ArrayList<>();
        private int undone;

        Wish(SessionChannel channel, HandLoop loop, boolean keeps) {
            super(channel, Command.newBuilder().setLock(LockCommand.newBuilder().addNames("L")), 16);
            this.loop = loop;
            this.keeps = keeps;
        }

        @Override
        protected String what() {
            return "lock L";
        }

        @Override
        protected Command.Builder undoing(long seq) {
            undone++;
            return Command.newBuilder();
        }

        @Override
        protected void onAnswer(Reply reply) {
            if (reply.getLock().hasQueued()) {
                inLine(loop.nanoTime() + PATIENCE.toNanos());
            } else {
                take();
            }
        }

        @Override
        protected void onNews(Event event) {
            if (event.getLock().hasGranted()) {
                take();
            } else {
                cameAndWent();
            }
        }

        private void take() {
            if (keeps) {
                granted();
            } else {
                handedOver();
            }
            tell("granted");
        }

        @Override
        protected void fail(Throwable why) {
            tell(why);
        }

        @Override
        protected void onGivenUp() {
            tell("left");
        }

        @Override
        protected RequestTimeoutException unheard() {
            return new RequestTimeoutException("unheard", true, null);
        }

        /** As a promise takes it: the first counts. */
        private void tell(Object outcome) {
            if (outcomes.isEmpty()) {
                outcomes.add(outcome);
            }
        }
    }
}
