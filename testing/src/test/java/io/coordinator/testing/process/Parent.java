package io.coordinator.testing.process;

import java.nio.file.Path;
import java.util.List;

/** A process with a child that it does not look after. */
public final class Parent {
    private Parent() {}

    /** Starts a {@link Ticking} child that counts in the first argument and logs to the second, then waits for ever. */
    public static void main(String[] arguments) throws InterruptedException {
        JavaProcess child =
                JavaProcess.start("child", Path.of(arguments[1]), Launch.DEFAULT, Ticking.class, List.of(arguments[0]));
        System.out.println("child " + child.pid());
        Thread.currentThread().join();
    }
}
