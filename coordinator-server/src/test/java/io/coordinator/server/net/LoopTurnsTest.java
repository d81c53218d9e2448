package io.coordinator.server.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import io.grpc.netty.shaded.io.netty.util.concurrent.DefaultEventExecutorGroup;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutorGroup;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Between two pieces of work, an event loop does what else there is. */
@Feature("C-08")
class LoopTurnsTest {
    private final EventExecutorGroup group = new DefaultEventExecutorGroup(1);
    private final EventExecutor loop = group.next();
    private final LoopTurns turns = new LoopTurns(loop);
    private final List<String> done = new CopyOnWriteArrayList<>();

    @AfterEach
    void close() {
        var unused = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    @Test
    void whatTheLoopIsToldMeanwhileComesBeforeTheNextPiece() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        loop.execute(() -> {
            turns.execute(() -> {
                done.add("first");
                loop.execute(() -> done.add("heard"));
            });
            turns.execute(() -> {
                done.add("second");
                turns.execute(() -> {
                    done.add("last");
                    end.countDown();
                });
                loop.execute(() -> done.add("heard again"));
            });
        });
        assertThat(end.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(done).containsExactly("first", "heard", "second", "heard again", "last");
    }

    @Test
    void aPieceThatFailsDoesNotHoldUpTheNext() throws InterruptedException {
        CountDownLatch end = new CountDownLatch(1);
        loop.execute(() -> {
            turns.execute(() -> {
                throw new IllegalStateException("expected");
            });
            turns.execute(end::countDown);
        });
        assertThat(end.await(30, TimeUnit.SECONDS)).isTrue();
    }
}
