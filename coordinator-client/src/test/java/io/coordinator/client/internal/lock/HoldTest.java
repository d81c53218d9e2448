package io.coordinator.client.internal.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.error.LockExtendException;
import io.coordinator.client.error.ServerException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.fake.HandTransport;
import io.coordinator.client.internal.async.Promise;
import io.coordinator.client.internal.async.Promises;
import io.coordinator.client.lock.LossReason;
import io.coordinator.protocol.Error;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.LockCommand;
import io.coordinator.protocol.LockEvent;
import io.coordinator.protocol.LockGrant;
import io.coordinator.protocol.LockLost;
import io.coordinator.protocol.LockReleased;
import io.coordinator.protocol.LockReply;
import io.coordinator.protocol.Reply;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How a grant is kept alive, shared, lost and given back. */
class HoldTest extends HandCluster {
    private static final Duration TTL = Duration.ofSeconds(6);
    private static final Duration TICK = Duration.ofMillis(1);

    private long seqOfGrant;

    @BeforeEach
    void connect() {
        greet();
        welcome();
    }

    private HoldEntry renewed() {
        Promise<Optional<HoldEntry>> asked = ask(LOCK, new Terms(TTL.toMillis(), 0, Renewal.everyThird()));
        seqOfGrant = commands().frame().getCommands(0).getSeq();
        return grant(asked, commands(), TTL);
    }

    private long extensions() {
        return sentAboutLocks().stream().filter(LockCommand::hasExtend).count();
    }

    private long releases() {
        return sentAboutLocks().stream().filter(LockCommand::hasRelease).count();
    }

    private void confirmExtension(Duration ttl) {
        HandTransport.Sent extend = transport
                .last()
                .last(frame -> frame.getCommandsList().stream()
                        .anyMatch(command -> command.getLock().hasExtend()));
        reply(
                extend,
                LockReply.newBuilder()
                        .setExtended(LockGrant.newBuilder().setDeadlineMillis(clusterMillis() + ttl.toMillis())));
    }

    private void refuse(ErrorCode code) {
        reply(commands(), Reply.newBuilder().setError(Error.newBuilder().setCode(code)));
    }

    private static LockEvent.Builder lost(long token, LockLost.Reason reason, String... names) {
        return LockEvent.newBuilder()
                .addAllNames(List.of(names))
                .setLost(LockLost.newBuilder().setToken(token).setReason(reason));
    }

    // ---- renewal ----

    @Test
    @Feature("PM-LOCK-3")
    void aGrantIsRenewedEveryThirdOfItsTtlFromTheLastConfirmation() {
        HoldEntry held = renewed();
        loop.pass(TTL.dividedBy(3).minus(TICK));
        assertThat(extensions()).isZero();
        loop.pass(TICK);
        assertThat(extensions()).isOne();
        LockCommand extension = commands().frame().getCommands(0).getLock();
        assertThat(extension.getExtend().getToken()).isEqualTo(held.token());
        assertThat(extension.getExtend().getTtlMillis()).isEqualTo(TTL.toMillis());
        loop.pass(TICK);
        confirmExtension(TTL);
        assertThat(held.deadline()).isEqualTo(OptionalLong.of(clusterMillis() + TTL.toMillis()));
        loop.pass(TTL.dividedBy(3).minus(TICK));
        assertThat(extensions()).isOne();
        loop.pass(TICK);
        assertThat(extensions()).isEqualTo(2);
        confirmExtension(TTL);
        assertThat(held.isHeld()).isTrue();
    }

    @Test
    @Feature("PM-LOCK-3")
    void aRenewalThatFailsIsTriedAgainAfterASixth() {
        HoldEntry held = renewed();
        loop.pass(TTL.dividedBy(3));
        refuse(ErrorCode.EINTERNAL);
        assertThat(held.isHeld()).isTrue();
        loop.pass(TTL.dividedBy(6).minus(TICK));
        assertThat(extensions()).isOne();
        loop.pass(TICK);
        assertThat(extensions()).isEqualTo(2);
    }

    @Test
    @Feature({"PM-LOCK-3", "G-13"})
    void aRenewalThatIsRefusedIsALossAndTheLastOne() {
        HoldEntry held = renewed();
        loop.pass(TTL.dividedBy(3));
        refuse(ErrorCode.ELOCKEXTEND);
        assertLost(held, LossReason.TTL_ELAPSED);
        passInTouch(TTL);
        assertThat(extensions()).isOne();
        assertThat(held.release(Promises.direct()).join().wasHeld()).isFalse();
        assertThat(releases()).isZero();
    }

    @Test
    @Feature("PM-LOCK-3")
    void nothingIsRenewedThatWasReleasedOrLost() {
        renewed().releaseUnwanted();
        passInTouch(TTL);
        assertThat(extensions()).isZero();

        HoldEntry forced = renewed();
        tell(seqOfGrant, lost(forced.token(), LockLost.Reason.FORCED, "L"));
        passInTouch(TTL);
        assertThat(extensions()).isZero();
    }

    // ---- extension and time ----

    @Test
    @Feature("PM-LOCK-3")
    void anExtensionMovesTheEnd() {
        HoldEntry held = acquire(TTL);
        Promise<Void> extended = held.extend(Duration.ofSeconds(9), Promises.direct());
        loop.run();
        assertThat(extended.isDone()).isFalse();
        confirmExtension(Duration.ofSeconds(9));
        assertThat(extended).isCompleted();
        passInTouch(TTL);
        assertThat(held.isHeld()).isTrue();
        assertThat(held.remaining().orElseThrow()).isBetween(Duration.ofMillis(2_900), Duration.ofSeconds(3));
        passInTouch(Duration.ofSeconds(3));
        assertLost(held, LossReason.TTL_ELAPSED);
        assertThat(held.remaining()).contains(Duration.ZERO);
        assertThat(releases()).as("the cluster ends it by itself").isZero();
    }

    @Test
    void anExtensionIsRefusedHereForATtlThatIsNoneAndAGrantThatIsGone() {
        HoldEntry held = acquire(TTL);
        for (Duration none : List.of(Duration.ZERO, Duration.ofMillis(-1))) {
            assertThatThrownBy(held.extend(none, Promises.direct())::join)
                    .hasCauseInstanceOf(ValidationException.class);
        }
        held.releaseUnwanted();
        assertThatThrownBy(held.extend(TTL, Promises.direct())::join).hasCauseInstanceOf(LockExtendException.class);
        assertThat(extensions()).isZero();
    }

    @Test
    void anExtensionThatIsConfirmedAfterTheReleaseIsNone() {
        HoldEntry held = acquire(TTL);
        Promise<Void> extended = held.extend(TTL, Promises.direct());
        loop.run();
        held.releaseUnwanted();
        confirmExtension(TTL);
        assertThatThrownBy(extended::join).hasCauseInstanceOf(LockExtendException.class);
    }

    @Test
    @Feature("G-13")
    void aShortTtlGivesAwayATwentiethOfItself() {
        Duration ttl = Duration.ofMillis(200);
        HoldEntry held = acquire(ttl);
        loop.pass(ttl.minusMillis(12));
        assertThat(held.isHeld()).isTrue();
        loop.pass(Duration.ofMillis(3));
        assertLost(held, LossReason.TTL_ELAPSED);
    }

    @Test
    void aGrantWithoutATtlHasNoEnd() {
        HoldEntry held = acquire(Duration.ZERO);
        assertThat(held.remaining()).isEmpty();
        assertThat(held.deadline()).isEmpty();
        passInTouch(LEASE.multipliedBy(3));
        assertThat(held.isHeld()).isTrue();
    }

    // ---- entries ----

    private HoldEntry enteredAgain(int entered) {
        Promise<Optional<HoldEntry>> asked = ask(Duration.ZERO);
        reply(
                commands(),
                LockReply.newBuilder()
                        .setGranted(LockGrant.newBuilder().setToken(granted).setEntered(entered)));
        return asked.join().orElseThrow();
    }

    private void confirmRelease(int left) {
        reply(
                commands(),
                LockReply.newBuilder()
                        .setReleased(LockReleased.newBuilder().setWasHeld(true).setEntered(left)));
    }

    @Test
    @Feature("B-19")
    void eachEntryIsReleasedByItselfAndOnce() {
        HoldEntry one = acquire(Duration.ZERO);
        HoldEntry two = enteredAgain(2);
        assertThat(two.token()).isEqualTo(one.token());
        Promise<Released> left = one.release(Promises.direct());
        assertThat(one.isHeld()).isFalse();
        assertThat(one.isLost()).isFalse();
        assertThat(two.isHeld()).isTrue();
        Promise<Released> again = one.release(Promises.direct());
        loop.run();
        assertThat(releases()).isOne();
        confirmRelease(1);
        assertThat(left.join()).isEqualTo(again.join()).isEqualTo(new Released(true, List.of(), 1));
        assertThat(two.toString()).contains("HELD");
        two.releaseUnwanted();
        confirmRelease(0);
        assertThat(releases()).isEqualTo(2);
        assertThat(two.toString()).contains("RELEASED");
    }

    @Test
    @Feature("B-19")
    void aLossIsOfAllEntries() {
        HoldEntry one = acquire(Duration.ZERO);
        long seq = commands().frame().getCommands(0).getSeq();
        HoldEntry two = enteredAgain(2);
        tell(seq, lost(granted + 1, LockLost.Reason.FORCED, "L"));
        assertThat(two.isHeld()).as("another grant was lost").isTrue();
        tell(seq, lost(granted, LockLost.Reason.FORCED, "L"));
        assertLost(one, LossReason.FORCED);
        assertLost(two, LossReason.FORCED);
        assertThat(two.toString()).contains("LOST");
        HoldEntry anew = enteredAgain(3);
        assertThat(anew.isHeld()).as("what is lost is not entered").isTrue();
        assertThat(two.isHeld()).isFalse();
    }

    // ---- losses and releases ----

    @Test
    @Feature("B-30")
    void whatIsLeftOfASetIsGivenBackByItsHolder() {
        LockTarget both = new LockTarget("default", List.of("L", "M"));
        Promise<Optional<HoldEntry>> asked = ask(both, new Terms(0, 0, null));
        HandTransport.Sent asking = commands();
        HoldEntry held = grant(asked, asking, Duration.ZERO);
        tell(asking.frame().getCommands(0).getSeq(), lost(granted, LockLost.Reason.FORCED, "M"));
        assertLost(held, LossReason.FORCED);
        held.releaseUnwanted();
        loop.run();
        assertThat(releases()).isOne();
    }

    @Test
    void aReleaseThatIsRefusedSaysSo() {
        Promise<Released> release = acquire(Duration.ZERO).release(Promises.direct());
        loop.run();
        refuse(ErrorCode.EINTERNAL);
        assertThatThrownBy(release::join).hasCauseInstanceOf(ServerException.class);
    }

    @Test
    @Feature("S-33")
    void theEndOfTheClientIsALossAndNoFailedRelease() {
        HoldEntry held = acquire(Duration.ZERO);
        HoldEntry other = enteredAgain(1);
        Promise<Released> release = other.release(Promises.direct());
        var unused = channel.close();
        passInTouch(LEASE);
        assertLost(held, LossReason.CLIENT_CLOSED);
        assertThat(release.join().wasHeld()).isFalse();
    }

    @Test
    void whatIsHeldIsInTheWayOfTheSameNamesAlone() {
        HoldEntry held = acquire(Duration.ZERO);
        Hold hold = Objects.requireNonNull(channel.session().find(Hold.class, any -> true));
        assertThat(hold.isInTheWayOf(new LockTarget("default", List.of("K", "L"))))
                .isTrue();
        assertThat(hold.isInTheWayOf(new LockTarget("default", List.of("K")))).isFalse();
        assertThat(hold.isInTheWayOf(new LockTarget("other", List.of("L")))).isFalse();
        held.releaseUnwanted();
        assertThat(hold.isInTheWayOf(LOCK)).isFalse();
    }
}
