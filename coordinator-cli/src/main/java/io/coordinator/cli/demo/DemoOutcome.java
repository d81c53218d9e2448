package io.coordinator.cli.demo;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What both acts of a demo counted.
 *
 * @param build of the first act
 * @param played of the second act; null if there was none, since the first one went wrong
 */
record DemoOutcome(DemoResult build, @Nullable JobsResult played) {
    static DemoOutcome ofFirstAct(DemoResult build) {
        return new DemoOutcome(build, null);
    }

    /** Of the second act. */
    Optional<JobsResult> jobs() {
        return Optional.ofNullable(played);
    }

    boolean succeeded() {
        return build.succeeded() && jobs().filter(JobsResult::succeeded).isPresent();
    }

    /** One line. */
    String toJson() {
        String first = build.toJson();
        return jobs().map(second -> first.substring(0, first.length() - 1) + ",\"jobs\":" + second.toJson() + "}")
                .orElse(first);
    }

    /** The last act, for people. */
    String sentence() {
        return jobs().map(JobsResult::sentence).orElseGet(build::sentence);
    }
}
