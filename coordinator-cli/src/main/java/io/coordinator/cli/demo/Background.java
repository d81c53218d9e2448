package io.coordinator.cli.demo;

/** Threads that keep no process alive. */
final class Background {
    private Background() {}

    static void start(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }
}
