package io.coordinator.testing.repeat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The program that runs one test class several times, with {@link #MARK} and a line for each run. */
final class Repetition {
    static final String MARK = "repetition ";
    static final int FAILED = 3;

    private Repetition() {}

    /** Arguments: how often, the tags as {@link TagFilter} takes them, and the full name of the class. */
    public static void main(String[] arguments) {
        int times = Integer.parseInt(arguments[0]);
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(DiscoverySelectors.selectClass(arguments[2]))
                .filters(TagFilter.includeTags(arguments[1]))
                .build();
        boolean failed = false;
        for (int i = 1; i <= times; i++) {
            Tally tally = new Tally();
            LauncherFactory.create().execute(request, tally);
            System.out.println(MARK + i + ": " + tally);
            failed |= !tally.failures.isEmpty();
        }
        System.out.flush();
        // Threads that a test left behind must not keep this process.
        Runtime.getRuntime().halt(failed ? FAILED : 0);
    }

    private static final class Tally implements TestExecutionListener {
        private final List<String> failures = new ArrayList<>();
        private int passed;

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == Status.SUCCESSFUL && test.isTest()) {
                passed++;
            }
            if (result.getStatus() == Status.FAILED) {
                failures.add(test.getDisplayName());
                StringWriter trace = new StringWriter();
                result.getThrowable().ifPresent(why -> why.printStackTrace(new PrintWriter(trace, true)));
                System.out.println("FAILED " + test.getUniqueId() + "\n" + trace);
            }
        }

        @Override
        public String toString() {
            return passed + " passed" + (failures.isEmpty() ? "" : ", FAILED " + failures);
        }
    }
}
