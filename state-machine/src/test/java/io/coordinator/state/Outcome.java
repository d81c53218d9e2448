package io.coordinator.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.coordinator.protocol.AcquireCancelled;
import io.coordinator.protocol.BuildReply;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.PermitsCancelled;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.ReserveCancelled;
import io.coordinator.protocol.SemaphoreReply;
import java.util.List;

/** What came of one command. */
record Outcome(Reply reply, List<Change> made) {

    static Outcome refused(Error error) {
        return new Outcome(Reply.newBuilder().setError(error).build(), List.of());
    }

    /** Expects the outcome with this case of the type's own {@code oneof}. */
    Outcome gives(Enum<?> expected) {
        Enum<?> actual = switch (reply.getOutcomeCase()) {
            case ERROR -> reply.getError().getCode();
            case SESSION -> reply.getSession().getOutcomeCase();
            case LOCK -> reply.getLock().getOutcomeCase();
            case CACHE -> reply.getCache().getOutcomeCase();
            case BUILD -> reply.getBuild().getOutcomeCase();
            case SEMAPHORE -> reply.getSemaphore().getOutcomeCase();
            case DOCUMENT -> reply.getDocument().getOutcomeCase();
            case RPC -> reply.getRpc().getOutcomeCase();
            case TOPIC -> reply.getTopic().getOutcomeCase();
            case JOB -> reply.getJob().getOutcomeCase();
            case SCHEDULE -> reply.getSchedule().getOutcomeCase();
            case CLUSTER -> reply.getCluster().getOutcomeCase();
            default -> reply.getOutcomeCase(); // What has one outcome.
        };
        assertThat(actual).as("%s", reply).isEqualTo(expected);
        return this;
    }

    Outcome refused(ErrorCode code) {
        gives(code);
        assertThat(reply.getError().getMessage()).isNotEmpty();
        return this;
    }

    Outcome refused(ErrorCode code, String message) {
        refused(code);
        assertThat(reply.getError().getMessage()).contains(message);
        return this;
    }

    Outcome cancels(AcquireCancelled.Outcome expected) {
        assertThat(reply.getLock().getCancelled().getOutcome()).isEqualTo(expected);
        return this;
    }

    Outcome cancels(ReserveCancelled.Outcome expected) {
        assertThat(reply.getBuild().getCancelled().getOutcome()).isEqualTo(expected);
        return this;
    }

    Outcome cancels(PermitsCancelled.Outcome expected) {
        assertThat(reply.getSemaphore().getCancelled().getOutcome()).isEqualTo(expected);
        return this;
    }

    Outcome ahead(long expected) {
        assertThat(position()).isEqualTo(expected);
        return this;
    }

    private long position() {
        return switch (reply.getOutcomeCase()) {
            case LOCK -> reply.getLock().getQueued().getPosition();
            case SEMAPHORE -> reply.getSemaphore().getQueued().getPosition();
            default -> reply.getBuild().getWait().getPosition();
        };
    }

    /** Expects exactly these changes, each with a revision of its own. */
    Outcome changes(ChangeKind... kinds) {
        assertThat(made).extracting(Change::getKind).containsExactly(kinds);
        assertThat(made).extracting(Change::getRevision).doesNotHaveDuplicates();
        return this;
    }

    /** The token of the grant or reservation. */
    long token() {
        long token = switch (reply.getOutcomeCase()) {
            case LOCK -> reply.getLock().getGranted().getToken();
            case SEMAPHORE -> reply.getSemaphore().getGranted().getToken();
            default -> reply.getBuild().getBuild().getToken();
        };
        assertThat(token).as("%s", reply).isPositive();
        return token;
    }

    long deadline() {
        return switch (reply.getOutcomeCase()) {
            case LOCK ->
                Math.max(
                        reply.getLock().getGranted().getDeadlineMillis(),
                        reply.getLock().getExtended().getDeadlineMillis());
            case SEMAPHORE -> reply.getSemaphore().getExtended().getDeadlineMillis();
            default -> reply.getBuild().getBuild().getDeadlineMillis();
        };
    }

    /** How often the grant is entered now. */
    int entered() {
        return reply.getLock().getGranted().getEntered()
                + reply.getLock().getReleased().getEntered();
    }

    /** Expects the locks that stand in the way or are gone, in whatever kind of reply. */
    Outcome names(String... expected) {
        List<String> actual = reply.hasError()
                ? reply.getError().getLockNamesList()
                : reply.getLock().hasBusy()
                        ? reply.getLock().getBusy().getNamesList()
                        : reply.getLock().getReleased().getGoneList();
        assertThat(actual).containsExactly(expected);
        return this;
    }

    boolean wasHeld() {
        if (reply.hasSemaphore()) {
            gives(SemaphoreReply.OutcomeCase.RELEASED);
            return reply.getSemaphore().getReleased().getWasHeld();
        }
        gives(LockReply.OutcomeCase.RELEASED);
        return reply.getLock().getReleased().getWasHeld();
    }

    boolean existed() {
        if (reply.hasSemaphore()) {
            return reply.getSemaphore().getDeleted().getExisted();
        }
        return reply.hasCache()
                ? reply.getCache().getDeleted().getExisted()
                : reply.getBuild().getDeleted().getExisted();
    }

    Outcome applied(boolean expected) {
        assertThat(reply.getCache().getCompared().getApplied()).as("%s", reply).isEqualTo(expected);
        return this;
    }

    /** The cached value after the command. */
    Outcome current(String json) {
        assertThat(reply.getCache().getCompared().getCurrent().getValue().toStringUtf8())
                .isEqualTo(json);
        return this;
    }

    Outcome sum(String json) {
        assertThat(text(reply.getCache().getIncremented().getValue()))
                .as("%s", reply)
                .isEqualTo(json);
        return this;
    }

    Outcome hit(String json) {
        gives(BuildReply.OutcomeCase.HIT);
        assertThat(text(reply.getBuild().getHit().getValue())).isEqualTo(json);
        return this;
    }

    private static String text(ByteString json) {
        return json.toStringUtf8();
    }

    long seq() {
        return reply.getSeq();
    }

    long revision() {
        return reply.getRevision();
    }
}
