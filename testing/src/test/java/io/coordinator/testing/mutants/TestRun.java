package io.coordinator.testing.mutants;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestSource;
import org.junit.platform.engine.TestTag;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** The program that runs tests with a break in front of its class path. It ends with the first failure. */
final class TestRun {
    static final int PASSED = 0;
    static final int FAILED = 3;
    static final int NOTHING_RAN = 4;
    /** Before the test that failed, in the output. */
    static final String MARK = "caught by ";

    private static final TestTag SOAK = TestTag.create("soak");

    private TestRun() {}

    /** Runs the tests that the arguments name: classes, or a class and a method with {@code #} between them. */
    public static void main(String[] arguments) {
        Set<String> methods = new HashSet<>();
        List<DiscoverySelector> classes = new ArrayList<>();
        for (String argument : arguments) {
            String[] parts = argument.split("#", 2);
            classes.add(DiscoverySelectors.selectClass(parts[0]));
            methods.add(argument);
        }
        AtomicInteger passed = new AtomicInteger();
        LauncherFactory.create()
                .execute(
                        LauncherDiscoveryRequestBuilder.request()
                                .selectors(classes)
                                .filters(only(methods))
                                .build(),
                        listener(passed));
        Runtime.getRuntime().halt(passed.get() == 0 ? NOTHING_RAN : PASSED);
    }

    /** Long tests only if they are asked for by themselves. */
    private static PostDiscoveryFilter only(Set<String> wanted) {
        return test -> {
            TestSource source = test.getSource().orElse(null);
            if (!(source instanceof MethodSource method)) {
                return FilterResult.included("what was asked for is in it, or not");
            }
            boolean itself = wanted.contains(method.getClassName() + "#" + method.getMethodName());
            return FilterResult.includedIf(
                    itself || (hasWanted(test, wanted) && !test.getTags().contains(SOAK)));
        };
    }

    /** Whether it is within a class that was asked for as a whole: tests of nested classes are. */
    private static boolean hasWanted(TestDescriptor test, Set<String> wanted) {
        return test.getParent()
                .filter(parent -> parent.getSource()
                                .filter(source ->
                                        source instanceof ClassSource one && wanted.contains(one.getClassName()))
                                .isPresent()
                        || hasWanted(parent, wanted))
                .isPresent();
    }

    private static TestExecutionListener listener(AtomicInteger passed) {
        return new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                switch (result.getStatus()) {
                    case SUCCESSFUL -> passed.addAndGet(test.isTest() ? 1 : 0);
                    case FAILED -> {
                        System.out.println("\n" + MARK + name(test) + ": "
                                + result.getThrowable().map(Throwable::toString).orElse("no reason given"));
                        System.out.flush();
                        // Whatever else there is could take minutes, and one failure is enough.
                        Runtime.getRuntime().halt(FAILED);
                    }
                    case ABORTED -> {}
                }
            }
        };
    }

    private static String name(TestIdentifier test) {
        return test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .map(method -> method.getJavaClass().getSimpleName() + "." + method.getMethodName())
                .orElseGet(test::getDisplayName);
    }
}
