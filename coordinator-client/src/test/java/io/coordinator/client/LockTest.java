package io.coordinator.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.cluster.ConnectionState;
import io.coordinator.client.error.CoordinatorInterruptedException;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.error.LockExtendException;
import io.coordinator.client.error.LockTimeoutException;
import io.coordinator.client.error.MultiLockException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.client.lock.AsyncDistributedLock;
import io.coordinator.client.lock.DistributedLock;
import io.coordinator.client.lock.FencedFunction;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockOptions;
import io.coordinator.client.lock.LossReason;
import io.coordinator.client.lock.RenewalOptions;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.testing.feature.Feature;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LockTest extends ClientFixture {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    @Feature({"S-24", "PM-LOCK-1", "PM-LOCK-2"})
    void heldLockIsNotGrantedAgainUntilReleased() {
        DistributedLock a = connect().lock("L");
        DistributedLock b = connect().lock("L");
        LockHandle first = a.tryAcquire().orElseThrow();
        assertThat(b.tryAcquire()).isEmpty();
        assertThat(first.isHeld()).isTrue();
        assertThat(first.release()).isTrue();
        assertThat(first.isHeld()).isFalse();
        assertThat(b.tryAcquire().orElseThrow().token()).isGreaterThan(first.token());
    }

    @Test
    @Feature("PM-LOCK-8")
    void releaseIsIdempotentAndNeverTouchesTheNextGrant() {
        DistributedLock a = connect().lock("L");
        LockHandle mine = a.acquire();
        assertThat(mine.release()).isTrue();
        assertThat(mine.release()).isTrue();
        LockHandle next = connect().lock("L").acquire();
        mine.close();
        assertThat(next.isHeld()).isTrue();
        assertThat(cluster.isLocked("L")).isTrue();
        assertThat(lockCommands().stream().filter(command -> command.getLock().hasRelease()))
                .hasSize(1);
    }

    @Test
    @Feature("S-30")
    void releaseOfAGrantThatExpiredInTheClusterIsFalse() {
        LockHandle mine = connect().lock("L").acquire();
        node.holdEvents(true);
        cluster.loseLock("L");
        assertThat(mine.release()).isFalse();
    }

    @Test
    void waiterIsGrantedByEvent() {
        CoordinatorClient client = connect();
        cluster.takeLock("L");
        CompletableFuture<LockHandle> waiting =
                inBackground(() -> client.lock("L").acquire());
        soon().until(() -> cluster.waiters("L") == 1);
        cluster.releaseLock("L");
        assertThat(get(waiting).isHeld()).isTrue();
    }

    @Test
    @Feature("S-26")
    void waiterKeepsItsPlaceAcrossReconnectsAndIsGrantedOnce() {
        CoordinatorClient client = connect();
        node.repeatEvents();
        cluster.takeLock("L");
        CompletableFuture<LockHandle> waiting =
                client.async().lock("L").acquire().toCompletableFuture();
        soon().until(() -> cluster.waiters("L") == 1);
        node.refuse(ErrorCode.ENOTLEADER, "");
        node.dropStreams();
        cluster.releaseLock("L");
        assertThat(waiting).isNotDone();
        node.serve();
        assertThat(get(waiting).isHeld()).isTrue();
        soon().untilAsserted(() ->
                assertThat(cluster.pendingEvents(client.sessionId())).isZero());
        assertThat(lockCommands().stream().filter(command -> command.getLock().hasAcquire()))
                .hasSize(1);
    }

    @Test
    @Feature("S-32")
    void lostReplyOfAnAcquireLeadsToTheSameGrant() {
        CoordinatorClient client = connect();
        node.dropBeforeReply(Command::hasLock);
        LockHandle handle = client.lock("L").tryAcquire().orElseThrow();
        assertThat(client.lock("L").verify(handle.token())).isTrue();
        assertThat(cluster.applied().stream().filter(Command::hasLock)).hasSize(1);
    }

    @Test
    @Feature("PM-LOCK-9")
    void elapsedWaitIsEmptyOrATimeout() {
        CoordinatorClient client = connect();
        cluster.takeLock("L");
        CompletableFuture<Optional<LockHandle>> tried =
                inBackground(() -> client.lock("L").tryAcquire(LONG));
        soon().until(() -> cluster.waiters("L") == 1);
        cluster.advance(LONG);
        assertThat(get(tried)).isEmpty();
        CompletableFuture<LockHandle> acquired = inBackground(
                () -> client.lock("L").acquire(LockOptions.defaults().wait(LONG)));
        soon().until(() -> cluster.waiters("L") == 1);
        cluster.advance(LONG);
        assertThatThrownBy(() -> get(acquired)).isInstanceOf(LockTimeoutException.class);
    }

    @Test
    @Feature({"S-31", "PM-LOCK-10", "G-7"})
    void cancelAgainstGrantHasOneOutcomeAndLeaksNothing() {
        CoordinatorClient client = connect();
        AsyncDistributedLock lock = client.async().lock("L");
        int granted = 0;
        for (int round = 0; round < 300; round++) {
            cluster.takeLock("L");
            CompletableFuture<LockHandle> waiting = lock.acquire().toCompletableFuture();
            soon().until(() -> cluster.waiters("L") == 1);
            CompletableFuture<Boolean> release = inBackground(() -> {
                cluster.releaseLock("L");
                return true;
            });
            if (round % 2 == 1) {
                get(release); // The grant is on its way, or has just arrived.
            }
            boolean cancelled = waiting.cancel(true);
            get(release);
            if (!cancelled) {
                granted++;
                assertThat(get(waiting).release()).isTrue();
            }

            soon().untilAsserted(() -> {
                assertThat(cluster.isLocked("L")).isFalse();
                assertThat(cluster.waiters("L")).isZero();
            });
        }

        System.out.println(granted + " of 300 grants were first");
    }

    @Test
    void interruptWithdrawsTheWaiter() {
        CoordinatorClient client = connect();
        cluster.takeLock("L");
        CompletableFuture<Thread> caller = new CompletableFuture<>();
        CompletableFuture<Boolean> outcome = inBackground(() -> {
            caller.complete(Thread.currentThread());
            try {
                client.lock("L").acquire();
                return false;
            } catch (CoordinatorInterruptedException e) {
                return Thread.currentThread().isInterrupted();
            }
        });
        soon().until(() -> cluster.waiters("L") == 1);
        caller.join().interrupt();
        assertThat(get(outcome)).isTrue();
        soon().until(() -> cluster.waiters("L") == 0);
    }

    @Test
    void callersPatienceEndsWithACancelInTheCluster() {
        CoordinatorClient client = connect(config -> config.requestTimeout(Duration.ofMillis(500)));
        cluster.stopClock(); // So that the cluster does not end the wait.
        cluster.takeLock("L");
        assertThatThrownBy(() -> client.lock("L").tryAcquire(Duration.ofMillis(50)))
                .isInstanceOf(RequestTimeoutException.class);
        soon().until(() -> cluster.waiters("L") == 0);
    }

    @Test
    void grantWhoseAnswerCameTooLateIsReleased() {
        CoordinatorClient client = connect(config -> config.requestTimeout(Duration.ofMillis(500)));
        node.holdReplies(true);
        assertThatThrownBy(() -> client.lock("L").acquire()).isInstanceOf(RequestTimeoutException.class);
        node.holdReplies(false);
        soon().until(() -> !cluster.isLocked("L"));
    }

    @Test
    @Feature("G-13")
    void ttlGrantIsLostLocallyWithoutRenewal() {
        LockHandle handle = connect()
                .lock("L")
                .acquire(LockOptions.defaults().ttl(Duration.ofMillis(200)).autoRenew(false));
        assertThat(get(handle.lost())).isEqualTo(LossReason.TTL_ELAPSED);
        assertThat(handle.isHeld()).isFalse();
        assertThat(handle.remaining()).contains(Duration.ZERO);
        assertThat(handle.release()).isFalse();
        assertThatThrownBy(() -> handle.extend(LONG)).isInstanceOf(LockExtendException.class);
    }

    @Test
    void ttlGrantIsRenewedEveryThird() {
        LockHandle handle = connect().lock("L").acquire(LockOptions.defaults().ttl(Duration.ofSeconds(3)));
        soon().untilAsserted(() -> assertThat(extensions()).isGreaterThanOrEqualTo(4));
        assertThat(handle.isHeld()).isTrue();
        assertThat(handle.lost().toCompletableFuture()).isNotDone();
        assertThat(handle.release()).isTrue();
    }

    @Test
    void renewalStopsWithTheRelease() {
        CoordinatorClient client = connect();
        LockOptions often =
                LockOptions.defaults().ttl(Duration.ofHours(1)).renewal(RenewalOptions.every(Duration.ofMillis(20)));
        LockHandle handle = client.lock("L").acquire(often);
        soon().until(() -> extensions() >= 1);
        handle.release();
        long before = extensions();
        client.lock("other").acquire(often);
        soon().until(() -> extensions() >= before + 3);
        assertThat(lockCommands().stream()
                        .filter(command -> command.getLock().hasExtend()
                                && command.getLock().getNamesList().equals(List.of("L"))))
                .hasSize((int) before);
    }

    @Test
    void lossToldByTheClusterReachesTheHandle() {
        LockHandle handle = connect().lock("L").acquire();
        cluster.loseLock("L");
        assertThat(get(handle.lost())).isEqualTo(LossReason.FORCED);
        assertThat(handle.isHeld()).isFalse();
    }

    @Test
    @Feature("PM-EVT-1")
    void resumedSessionGivesUpWhatItsClientBelievesLost() {
        cluster.lease(400);
        CoordinatorClient client = connect(config -> config.keepAliveInterval(Duration.ofMillis(100)));
        LockHandle handle = client.lock("L").acquire();
        long session = client.sessionId();
        node.silent(true);
        assertThat(get(handle.lost())).isEqualTo(LossReason.SESSION_LOST);
        assertThat(handle.isHeld()).isFalse();
        soon().until(() -> client.state() == ConnectionState.LOST);
        node.silent(false);
        soon().until(() -> client.state() == ConnectionState.RECONNECTED);
        soon().until(() -> !cluster.isLocked("L"));
        assertThat(client.sessionId()).isEqualTo(session);
        assertThat(client.lock("L").tryAcquire()).isPresent();
    }

    @Test
    @Feature({"S-37", "PM-LOCK-9"})
    void withLockReleasesWhateverTheFunctionDoes() {
        DistributedLock lock = connect().lock("L");
        assertThat(lock.<String, RuntimeException>withLock(context -> "done " + context.token()))
                .isEqualTo("done 1");
        assertThat(cluster.isLocked("L")).isFalse();
        assertThatThrownBy(() -> lock.withLock(context -> {
                    throw new IOException("from the function");
                }))
                .isInstanceOf(IOException.class);
        assertThat(cluster.isLocked("L")).isFalse();
    }

    @Test
    void asynchronousWithLockReleasesWhateverTheFunctionDoes() {
        CoordinatorClient client = connect();
        AsyncDistributedLock lock = client.async().lock("L");
        long revision = get(lock.withLock(
                LockOptions.defaults(), context -> context.async().cache().put("k", 1)));
        assertThat(client.cache().get("k").orElseThrow().revision()).isEqualTo(revision);
        assertThatThrownBy(() -> get(lock.withLock(LockOptions.defaults(), context -> {
                    throw new IllegalStateException("from the function");
                })))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("from the function");
        assertThat(cluster.isLocked("L")).isFalse();
    }

    @Test
    @Feature({"U-01", "A-46"})
    void withLockHoldsForAsLongAsItsFunctionTakesAndItsSessionLives() {
        DistributedLock lock = connect().lock("L");
        assertThat(lock.<Boolean, RuntimeException>withLock(
                        context -> context.handle().isHeld()
                                && context.handle().remaining().isEmpty()
                                && context.handle().deadline().isEmpty()))
                .isTrue();
        assertThat(lockCommands().get(0).getLock().getAcquire().getTtlMillis()).isZero();
        assertThat(lockCommands().get(0).getLock().getAcquire().getWaitMillis()).isEqualTo(10_000);
    }

    @Test
    @Feature({"U-01", "A-46"})
    void withLockFailsIfItsLockWasLostAndItsResultIsAttached() {
        CoordinatorClient client = connect();
        List<FencedFunction<String, RuntimeException>> losses = List.of(
                context -> { // it is told
                    cluster.loseLock("L");
                    get(context.handle().lost());
                    return "made";
                },
                context -> { // only the release learns of it
                    node.holdEvents(true);
                    cluster.loseLock("L");
                    return "made";
                },
                context -> {
                    cluster.expire(client.sessionId());
                    node.dropStreams();
                    get(context.handle().lost());
                    return "made";
                });
        for (FencedFunction<String, RuntimeException> loss : losses) {
            assertLost(() -> client.lock("L").withLock(loss));
            assertLost(() -> client.readWriteLock("L").writeLock().withLock(loss));
            assertLost(() -> get(client.async()
                    .lock("L")
                    .withLock(context -> CompletableFuture.completedFuture(loss.apply(context)))));
        }
        assertThat(client.lock("L").<String, RuntimeException>withLock(context -> "held"))
                .isEqualTo("held");
    }

    private static void assertLost(Runnable call) {
        assertThatThrownBy(call::run).isInstanceOfSatisfying(FencedException.class, e -> {
            assertThat(e.functionResult()).contains("made");
            assertThat(e.lock()).isEqualTo("L");
        });
    }

    @Test
    @Feature({"U-01", "A-44"})
    void functionMayReleaseItsLockItself() {
        DistributedLock lock = connect().lock("L");
        assertThat(lock.<Boolean, RuntimeException>withLock(
                        context -> context.handle().release()))
                .isTrue();
        assertThat(lock.<String, RuntimeException>withLock(context -> {
                    context.handle().close();
                    return "done";
                }))
                .isEqualTo("done");
    }

    @Test
    @Feature({"U-01", "A-44"})
    void releaseThatFailsHidesNoResult() {
        CoordinatorClient client = connect();
        assertThat(client.lock("L").<String, RuntimeException>withLock(context -> {
                    node.holdReplies(true);
                    return "made";
                }))
                .isEqualTo("made");
        node.holdReplies(false);
        soon().until(() -> !cluster.isLocked("L"));
        assertThat(client.lock("L").<String, RuntimeException>withLock(context -> {
                    Thread.currentThread().interrupt();
                    return "interrupted";
                }))
                .isEqualTo("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        soon().until(() -> !cluster.isLocked("L"));
    }

    @Test
    @Feature({"PM-FENCE-2", "PM-FENCE-4"})
    void writesUnderALostGrantAreFenced() {
        DistributedLock lock = connect().lock("L");
        assertThatThrownBy(() -> lock.withLock(context -> {
                    context.cache().put("k", 1);
                    node.holdEvents(true);
                    cluster.loseLock("L");
                    // The end of the function is refused too, but by then it would be too late.
                    assertThatThrownBy(() -> context.cache().put("k", 2))
                            .isInstanceOfSatisfying(FencedException.class, e -> {
                                assertThat(e.lock()).isEqualTo("L");
                                assertThat(e.retryable()).isFalse();
                            });
                    return "made";
                }))
                .isInstanceOf(FencedException.class);
    }

    @Test
    void releaseThatTheClusterWasTooBusyForIsRepeated() {
        CoordinatorClient client = connect();
        LockHandle handle = client.lock("L").acquire();
        cluster.refuseNext(2);
        assertThat(handle.release()).isTrue();
        assertThat(cluster.isLocked("L")).isFalse();
    }

    @Test
    @Feature("U-06")
    void whoWaitsForItselfIsToldSo() {
        CoordinatorClient client = connect();
        LockHandle held = client.lock("L").acquire();
        LockOptions once = LockOptions.defaults().wait(Duration.ZERO);
        String own = "this client has held lock default/L itself for ";
        String advice = "LockOptions.reentrant";
        assertThatThrownBy(() -> client.lock("L").acquire(once))
                .isInstanceOf(LockTimeoutException.class)
                .hasMessageContaining(own)
                .hasMessageContaining("with token " + held.token())
                .hasMessageContaining(advice);
        assertThatThrownBy(() -> client.lock("L").withLock(once, context -> "never"))
                .hasMessageContaining(own);
        assertThatThrownBy(() -> get(client.async().lock("L").acquire(once))).hasMessageContaining(own);
        assertThatThrownBy(() -> client.multiLock("K", "L").acquire(once))
                .isInstanceOf(MultiLockException.class)
                .hasMessageContaining(own)
                .hasMessageContaining(advice);
        assertThatThrownBy(() -> connect().lock("L").acquire(once))
                .hasMessageContaining("try again")
                .hasMessageNotContaining("itself");
        held.release();
        cluster.takeLock("L");
        assertThatThrownBy(() -> client.lock("L").acquire(once)).hasMessageNotContaining("itself");
    }

    @Test
    @Feature("C-20")
    void aHugeWaitIsNotOverAtOnce() {
        CoordinatorClient client = connect();
        CoordinatorClient hasty = connect(config -> config.requestTimeout(Duration.ofMillis(200)));
        cluster.stopClock(); // So that the cluster does not end the wait of the hasty one.
        long rounds = 0;
        for (Duration wait : List.of(ChronoUnit.FOREVER.getDuration(), Duration.ofMillis(Long.MAX_VALUE))) {
            cluster.takeLock("L");
            CompletableFuture<Optional<LockHandle>> waiting =
                    inBackground(() -> client.lock("L").tryAcquire(wait));
            soon().until(() -> cluster.waiters("L") == 1);
            // A deadline that has passed is noticed sooner than this one.
            assertThatThrownBy(() -> hasty.lock("L").tryAcquire(Duration.ofMillis(1)))
                    .isInstanceOf(RequestTimeoutException.class);
            assertThat(waiting).isNotDone();
            cluster.releaseLock("L");
            get(waiting).orElseThrow().release();
            // What the hasty one has sent may come late, and hold the lock until its cancel.
            long sent = ++rounds;
            soon().until(() -> cancels() == sent && !cluster.isLocked("L"));
        }
    }

    private long cancels() {
        return cluster.applied().stream()
                .filter(command -> command.getLock().hasCancel())
                .count();
    }

    @Test
    void badNamesAndOptionsAreRefusedLocally() {
        CoordinatorClient client = connect();
        assertThatThrownBy(() -> client.lock("")).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> client.lock("a\0b")).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> LockOptions.defaults().ttl(Duration.ZERO)).isInstanceOf(ValidationException.class);
        assertThat(LockOptions.defaults().wait(Duration.ofMillis(-1)).maxWait()).contains(Duration.ZERO);
        assertThatThrownBy(() -> get(client.async().cache().put("", 1))).isInstanceOf(ValidationException.class);
    }

    private long extensions() {
        return lockCommands().stream()
                .filter(command -> command.getLock().hasExtend())
                .count();
    }

    private List<Command> lockCommands() {
        return node.commands().stream().filter(Command::hasLock).toList();
    }
}
