package io.coordinator.testing.process;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.InvocationTargetException;
import java.util.Arrays;

/**
 * The main class of every process that {@link JavaProcess} starts: runs another main class and ends the JVM as soon as
 * standard input ends, which is when the parent is gone, however it went.
 */
public final class Supervised {
    private static final int PARENT_GONE = 86;

    private Supervised() {}

    /** Runs the class named by the first argument with the others. */
    public static void main(String[] arguments) throws ReflectiveOperationException {
        Thread watch = new Thread(Supervised::endWithParent, "parent-watch");
        watch.setDaemon(true);
        watch.start();
        try {
            Class.forName(arguments[0]).getMethod("main", String[].class).invoke(null, (Object)
                    Arrays.copyOfRange(arguments, 1, arguments.length));
        } catch (InvocationTargetException e) {
            e.printStackTrace();
            System.exit(1);
        }
    }

    private static void endWithParent() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.err.println("standard input is broken, so the parent is gone: " + e);
        }
        Runtime.getRuntime().halt(PARENT_GONE);
    }
}
