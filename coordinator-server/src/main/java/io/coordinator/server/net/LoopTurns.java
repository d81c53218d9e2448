package io.coordinator.server.net;

import io.grpc.netty.shaded.io.netty.util.concurrent.EventExecutor;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Work that is left for later turns of one event loop, one piece in each: between two pieces the loop hears clients. A
 * loop runs what it is told to run at once in long rows, and hears nobody meanwhile. Only its own thread uses this.
 */
final class LoopTurns implements Executor {
    private final EventExecutor loop;
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    LoopTurns(EventExecutor loop) {
        this.loop = loop;
    }

    /**
     * Runs the piece after those that wait.
     *
     * @throws java.util.concurrent.RejectedExecutionException if the loop has ended
     */
    @Override
    public void execute(Runnable piece) {
        waiting.add(piece);
        if (waiting.size() == 1) {
            schedule();
        }
    }

    /** What has a time is looked for once in each turn of the loop, after it has heard its clients. */
    private void schedule() {
        var unused = loop.schedule(this::runNext, 1, TimeUnit.NANOSECONDS);
    }

    private void runNext() {
        try {
            waiting.element().run();
        } finally {
            waiting.remove();
            if (!waiting.isEmpty()) {
                schedule();
            }
        }
    }
}
