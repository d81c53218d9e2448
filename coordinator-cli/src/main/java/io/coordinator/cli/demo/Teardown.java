package io.coordinator.cli.demo;

/**
 * The end of a demo: no process and no directory is left. Runs once, be it because the demo is done or because this
 * process was told to end by a signal.
 */
final class Teardown implements AutoCloseable {
    private final Children children;
    private final DemoDirectory directory;
    private volatile boolean interrupted;
    private boolean done;

    private Teardown(Children children, DemoDirectory directory) {
        this.children = children;
        this.directory = directory;
    }

    /** Sees to it from here on. */
    static Teardown arm(Children children, DemoDirectory directory) {
        Teardown teardown = new Teardown(children, directory);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            teardown.interrupted = true;
                            teardown.run();
                        },
                        "demo-teardown"));
        return teardown;
    }

    /** True once the process is ending while the demo was under way: failures seen now are consequences. */
    boolean interrupted() {
        return interrupted;
    }

    @Override
    public void close() {
        run();
    }

    private synchronized void run() {
        if (!done) {
            children.killAll();
            directory.delete();
            done = true;
        }
    }
}
