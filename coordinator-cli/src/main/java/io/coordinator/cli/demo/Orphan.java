package io.coordinator.cli.demo;

/**
 * What a demo's process does when the demo is gone without having ended it, killed outright: it removes what the demo
 * left on disk, and ends at once.
 */
record Orphan(DemoDirectory directory) implements Runnable {
    @Override
    public void run() {
        try {
            directory.delete();
        } finally {
            Runtime.getRuntime().halt(1);
        }
    }
}
