package io.coordinator.compat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.client.ClientFixture;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.Logged;
import io.coordinator.client.error.DisconnectedException;
import io.coordinator.client.error.LockAcquisitionException;
import io.coordinator.client.error.LockExtendException;
import io.coordinator.client.error.LockReleaseException;
import io.coordinator.client.error.MultiLockException;
import io.coordinator.client.error.QueueNoResponseException;
import io.coordinator.client.error.RequestTimeoutException;
import io.coordinator.client.error.ValidationException;
import io.coordinator.protocol.AcquireLock;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.LockCommand;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Locks and serial jobs as a callback queue has them. */
class CallbackQueueTest extends ClientFixture {
    @Test
    @Feature({"DL-CTOR-1", "DL-OPT-1", "DL-OPT-2", "DL-OPT-3", "DL-OPT-4", "DL-OPT-5", "DL-OPT-7", "A-34", "A-35"})
    void aQueueHasTheOlderLibrarysDefaults() {
        CallbackQueueOptions defaults = CallbackQueueOptions.defaults();
        assertThat(defaults.lockTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(defaults.patience()).isEqualTo(Duration.ofMillis(200));
        assertThat(defaults.lockPrefix()).isEqualTo("dlock");
        CallbackQueue queue = Compat.of(connect()).callbackQueue(defaults);
        assertThatThrownBy(() -> queue.once("")).isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> queue.tryPush("", (error, args) -> {}, Duration.ZERO))
                .isInstanceOf(ValidationException.class);
        assertThatThrownBy(() -> get(queue.fanout("", String.class, context -> "")))
                .isInstanceOf(ValidationException.class);
    }

    @Test
    @Feature({"S-67", "DL-SER-1"})
    void failingJobLetsTheNextOneRun() throws Exception {
        CoordinatorClient client = connect();
        SerialQueue queue =
                Compat.of(client).callbackQueue(CallbackQueueOptions.defaults()).serial("Q");
        assertThatThrownBy(() -> queue.run(() -> {
                    throw new IllegalStateException("from the job");
                }))
                .hasMessage("from the job");
        assertThat(get(queue.submit(() -> 7))).isEqualTo(7);
        assertThat(queue.run(() -> "done")).isEqualTo("done");
        soon().until(() -> !cluster.isLocked("Q"));
    }

    @Test
    @Feature({"S-67", "DL-SER-1"})
    void serialJobsRunOneAtATimeInTheOrderInWhichTheyWereAskedFor() {
        SerialQueue queue = Compat.of(connect())
                .callbackQueue(CallbackQueueOptions.defaults())
                .serial("Q");
        List<String> order = new CopyOnWriteArrayList<>();
        CountDownLatch go = new CountDownLatch(1);
        CompletionStage<Boolean> first = queue.submit(() -> {
            order.add("first begins");
            boolean told = go.await(10, TimeUnit.SECONDS);
            return order.add("first ends") && told;
        });
        soon().until(() -> order.contains("first begins"));
        CompletionStage<Boolean> second = queue.submit(() -> order.add("second"));
        soon().until(() -> cluster.waiters("Q") == 1);
        CompletionStage<Boolean> third = inBackground(() -> queue.run(() -> order.add("third")));
        soon().until(() -> cluster.waiters("Q") == 2);
        go.countDown();
        assertThat(List.of(get(first), get(second), get(third))).containsOnly(true);
        assertThat(order).containsExactly("first begins", "first ends", "second", "third");
    }

    @Test
    @Feature({"DL-ONCE-1", "DL-LOCK-2", "DL-LOCK-4", "DL-OPT-2", "DL-OPT-3"})
    void aLockThatIsHeldOnceWaitsForItsRetriesAndLastsForItsTime() {
        CallbackQueue queue = Compat.of(connect())
                .callbackQueue(CallbackQueueOptions.defaults()
                        .lockTimeout(Duration.ofSeconds(7))
                        .retries(3)
                        .delay(Duration.ofMillis(40)));
        OnceLock lock = queue.once("k");
        lock.extend();
        assertThat(queue.heldLocks()).hasSize(1);
        lock.extend(Duration.ofMillis(900));
        assertThat(lockCommands().get(0).getAcquire())
                .returns(7_000L, AcquireLock::getTtlMillis)
                .returns(120L, AcquireLock::getWaitMillis);
        assertThat(extensions()).containsExactly(7_000L, 900L);
        soon().until(() -> !lock.isHeld());
        assertThat(extensions()).as("nobody renews it").hasSize(2);
        assertThat(queue.heldLocks()).isEmpty();
    }

    private List<LockCommand> lockCommands() {
        return node.commands().stream()
                .filter(Command::hasLock)
                .map(Command::getLock)
                .toList();
    }

    private List<Long> extensions() {
        return lockCommands().stream()
                .filter(LockCommand::hasExtend)
                .map(command -> command.getExtend().getTtlMillis())
                .toList();
    }

    @Test
    @Feature({"DL-PUSH-1", "DL-PUSH-4"})
    void whoHasPushedAJobHearsOfItsEndOrThatItsOwnTimeIsOver() {
        CallbackQueue queue = Compat.of(connect()).callbackQueue(CallbackQueueOptions.defaults());
        CompletableFuture<List<JsonNode>> heard = new CompletableFuture<>();
        JobCompleter mine = queue.push("j", (error, args) -> heard.complete(args));
        CompletableFuture<Throwable> hasty = new CompletableFuture<>();
        assertThat(queue.tryPush("j", (error, args) -> hasty.complete(error), Duration.ofMillis(50))
                        .isOwner())
                .isFalse();
        assertThat(get(hasty)).isInstanceOf(QueueNoResponseException.class);
        assertThat(heard).isNotDone();
        get(mine.completed("done", 7));
        assertThat(get(heard)).hasToString("[\"done\", 7]");
    }

    @Test
    @Feature({"DL-FAN-1", "DL-FAN-3"})
    void aJobThatIsAskedForTwiceRunsOnceAndBothHaveItsResult() {
        CallbackQueue queue = Compat.of(connect()).callbackQueue(CallbackQueueOptions.defaults());
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        CompletionStage<String> first = queue.fanout("f", String.class, context -> {
            begun.countDown();
            return go.await(10, TimeUnit.SECONDS) ? "of the first" : "too late";
        });
        soon().until(() -> begun.getCount() == 0);
        CompletionStage<String> second = queue.fanout("f", String.class, context -> "of the second");
        go.countDown();
        assertThat(get(first)).isEqualTo("of the first");
        assertThat(get(second)).isEqualTo("of the first");
    }

    @Test
    @Feature({"S-65", "DL-ONCE-1", "DL-LOCK-1", "DL-LOCK-2", "DL-LOCK-3"})
    void onceLockComplainsInItsOwnWords() {
        CallbackQueue queue = Compat.of(connect())
                .callbackQueue(CallbackQueueOptions.defaults().retries(0));
        OnceLock lock = queue.once("k");
        assertThat(queue.heldLocks()).hasSize(1);
        assertThatThrownBy(() -> queue.once("k"))
                .isInstanceOf(LockAcquisitionException.class)
                .hasMessageContaining("Could not acquire lock on \"dlockk\"");
        assertThatThrownBy(lock::acquire).hasMessageContaining("Lock already held");
        assertThatThrownBy(() -> lock.extend(Duration.ofMillis(-1)))
                .hasMessageContaining("Int time is required to extend lock");
        lock.extend();
        lock.release();
        assertThatThrownBy(lock::release)
                .isInstanceOf(LockReleaseException.class)
                .hasMessageContaining("Lock has not been acquired");
        assertThatThrownBy(lock::extend)
                .isInstanceOf(LockExtendException.class)
                .hasMessageContaining("Lock has not been acquired");
        lock.acquire();
        node.holdEvents(true);
        cluster.advance(Duration.ofSeconds(10));
        assertThatThrownBy(lock::extend).hasMessageContaining("Lock on \"dlockk\" had expired");
        assertThatThrownBy(lock::release)
                .isInstanceOf(LockReleaseException.class)
                .hasMessageContaining("Lock on \"dlockk\" had expired");
        assertThatThrownBy(() -> queue.once("")).isInstanceOf(ValidationException.class);
    }

    @Test
    @Feature({"DL-MULTI-1", "C-41"})
    void aSetOfLocksIsNotNamedAfterTheAddressOfAnArray() {
        CallbackQueue queue = Compat.of(connect()).callbackQueue(CallbackQueueOptions.defaults());
        for (Object ids : List.of(new int[] {1}, List.of(List.of("a")), new Object[][] {{"a"}})) {
            assertThatThrownBy(() -> queue.multi(ids))
                    .isInstanceOf(ValidationException.class)
                    .hasMessageContaining("one level deep");
        }
        assertThat(queue.multi(1, "a").names()).containsExactly("1", "a");
    }

    @Test
    @Feature({"S-41", "DL-MULTI-1", "DL-MULTI-3"})
    void setDropsEmptyNamesAndDuplicates() {
        CallbackQueue queue = Compat.of(connect()).callbackQueue(CallbackQueueOptions.defaults());
        assertThat(queue.multi("a", List.of("a", "b"), "").names()).containsExactly("a", "b");
        assertThatThrownBy(queue::multi).hasMessageContaining("at least 1 action must be supplied");
    }

    @Test
    @Feature({"C-20", "DL-OPT-3"})
    void waitsOfNothingAreNoError() {
        Duration none = Duration.ofSeconds(Long.MIN_VALUE);
        assertThat(CallbackQueueOptions.defaults().delay(none).patience()).isZero();
        assertThat(CallbackQueueOptions.defaults()
                        .delay(Duration.ofSeconds(Long.MAX_VALUE))
                        .retries(Integer.MAX_VALUE)
                        .patience())
                .isGreaterThan(Duration.ofDays(36_500));
    }

    @Test
    @Feature("C-41")
    void idsAreExact() {
        CallbackQueue queue = Compat.of(connect()).callbackQueue(CallbackQueueOptions.defaults());
        for (String id :
                List.of("\u591C\u9593", "\uD83D\uDE00", "caf\u00E9", "cafe\u0301", "A b", "a b", "a-b", " a b")) {
            assertThat(queue.once(id).id()).isEqualTo(id);
        }
    }

    @Test
    @Feature("DL-OPT-6")
    void itSpeaksThroughTheUsersLogger() {
        CallbackQueue queue = Compat.of(connect()).callbackQueue(CallbackQueueOptions.defaults());
        try (Logged logged = new Logged("io.coordinator.compat.QueueLocks")) {
            JobCompleter mine = queue.push("j", (error, args) -> {
                throw new IllegalStateException("from the callback");
            });
            get(mine.completed());
            soon().until(() -> logged.messages().stream()
                    .anyMatch(message ->
                            message.startsWith("WARN the callback ") && message.endsWith(" of job j threw")));
        }
    }

    @Test
    @Feature("DL-ERR-1")
    void whatIsHeldAndWhatIsUnreachableAreToldApart() {
        CoordinatorClient client = connect(config -> config.requestTimeout(Duration.ofMillis(500)));
        CallbackQueue queue =
                Compat.of(client).callbackQueue(CallbackQueueOptions.defaults().retries(0));
        queue.once("k");
        assertThatThrownBy(() -> queue.once("k")).isInstanceOf(LockAcquisitionException.class);
        assertThatThrownBy(() -> queue.multi("k", "l")).isInstanceOf(MultiLockException.class);
        node.silent(true);
        // Which of the two it is depends on whether the client has given the silent stream up by then.
        assertThatThrownBy(() -> queue.once("other"))
                .isInstanceOfAny(RequestTimeoutException.class, DisconnectedException.class);
        assertThatThrownBy(() -> queue.multi("other", "another"))
                .isInstanceOfAny(RequestTimeoutException.class, DisconnectedException.class);
        node.silent(false);
    }
}
