package io.coordinator.client.internal.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

class CountedExecutorTest {
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final CountedExecutor counted = new CountedExecutor(tasks::add);

    @Test
    void itIsIdleWhenAllHaveEnded() {
        assertThat(counted.isIdle()).isTrue();
        counted.execute(() -> assertThat(counted.isIdle()).isFalse());
        assertThat(counted.isIdle()).isFalse();
        tasks.remove().run();
        assertThat(counted.isIdle()).isTrue();
    }

    @Test
    void whatThrowsOrIsRefusedHasEnded() {
        counted.execute(() -> {
            throw new IllegalStateException("of the test");
        });
        assertThatThrownBy(() -> tasks.remove().run()).hasMessage("of the test");
        assertThat(counted.isIdle()).isTrue();

        CountedExecutor refusing = new CountedExecutor(task -> {
            throw new RejectedExecutionException("no room");
        });
        assertThatThrownBy(() -> refusing.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
        assertThat(refusing.isIdle()).isTrue();
    }
}
