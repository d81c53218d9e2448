package io.coordinator.testing.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.Builds;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.error.FencedException;
import io.coordinator.client.lock.AsyncLockedValue;
import io.coordinator.client.lock.LockHandle;
import io.coordinator.client.lock.LockedValue;
import io.coordinator.testing.InMemoryClusterExtension;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is behind the guard of a lock, and what is not. */
@Feature({"PM-FENCE-4", "JC-LK-1"})
@ExtendWith(InMemoryClusterExtension.class)
class InMemoryGuardsTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final CoordinatorClient client;
    private LockHandle guard;
    private LockedValue<String> guarded;
    private AsyncLockedValue<String> staged;

    InMemoryGuardsTest(CoordinatorClient client) {
        this.client = client;
    }

    @BeforeEach
    void writeOne() {
        guard = client.namespace("other").lock("guard").acquire();
        guarded = client.guardedBy(guard).lockedValue("value", String.class);
        staged = client.async().guardedBy(guard).lockedValue("value", String.class);
        assertThat(guarded.withLock(LONG, before -> before + " 1")).isEqualTo("null 1");
        assertThat(Waiting.get(staged.withLock(LONG, before -> CompletableFuture.completedFuture(before + " 2"))))
                .isEqualTo("null 1 2");
    }

    private @Nullable String value() {
        return client.lockedValue("value", String.class).withLock(LONG, before -> before);
    }

    @Test
    void aValueIsNotWrittenOnceTheGuardIsGone() {
        LockedValue.Held<String> held = guarded.acquire(LONG);
        guard.release();
        assertThatThrownBy(() -> held.release("late"))
                .isInstanceOfSatisfying(
                        FencedException.class, e -> assertThat(e.lock()).isEqualTo("guard"));
        assertThat(held.handle().isHeld()).isFalse();
        assertThatThrownBy(() -> guarded.withLock(LONG, before -> "late")).isInstanceOf(FencedException.class);
        assertThatThrownBy(
                        () -> Waiting.get(staged.withLock(LONG, before -> CompletableFuture.completedFuture("late"))))
                .isInstanceOf(FencedException.class);
        assertThat(value()).isEqualTo("null 1 2");
    }

    @Test
    void aValueIsNotWrittenOnceItsOwnLockIsGone() {
        LockedValue.Held<String> held = guarded.acquire(LONG);
        held.handle().release();
        assertThat(held.release("late")).isFalse();
        assertThatThrownBy(() -> guarded.withLock(LONG, before -> {
                    client.locks().forceRelease("value", "test", "is to be lost");
                    return "late";
                }))
                .isInstanceOfSatisfying(
                        FencedException.class, e -> assertThat(e.lock()).isEqualTo("value"));
        assertThat(value()).isEqualTo("null 1 2");
    }

    @Test
    void aFunctionUnderALockWritesNoValueOnceThatIsLost() {
        assertThatThrownBy(() -> client.lock("outer").withLock(outer -> {
                    outer.handle().release();
                    return String.valueOf(
                            outer.lockedValue("value", String.class).withLock(LONG, before -> "late"));
                }))
                .isInstanceOf(FencedException.class);
        assertThat(value()).isEqualTo("null 1 2");
    }

    @Test
    @Feature("JC-GET-3")
    void buildsAreReadWhateverBecameOfTheGuard() {
        guard.release();
        Builds builds = client.guardedBy(guard).builds();
        assertThatThrownBy(() -> builds.put("build", "new", PutOptions.defaults()))
                .isInstanceOf(FencedException.class);
        client.builds().put("build", "stored", PutOptions.defaults());
        assertThat(builds.get("build", String.class)).isEqualTo("stored");
        assertThat(builds.get("build", String.class, LONG)).isEqualTo("stored");
        assertThat(Waiting.get(client.async().guardedBy(guard).builds().get("build", String.class, LONG)))
                .isEqualTo("stored");
    }
}
