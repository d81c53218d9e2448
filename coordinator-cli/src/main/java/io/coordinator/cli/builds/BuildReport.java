package io.coordinator.cli.builds;

import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.coordinator.cli.console.ClientNames;
import io.coordinator.cli.console.Columns;
import io.coordinator.client.builds.BuildPage;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.builds.BuilderInfo;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Builds, and tasks that are done once, for people and for programs. */
public final class BuildReport {
    static final Columns<BuildPage.Item> ITEMS = new Columns<BuildPage.Item>()
            .text("KEY", "key", BuildPage.Item::key)
            .text("STATE", "state", item -> state(item.state()))
            .number("WAITERS", "waiters", BuildPage.Item::waiters)
            .cell("KIND", item -> kind(item.task()))
            .elapsedIf("RUNS FOR", "runningMillis", item -> runsFor(item.builder()))
            .cell("BUILDER", item -> name(item.builder()));

    private final String key;
    private final BuildStatus status;

    /** @param status of one that is there */
    public BuildReport(String key, BuildStatus status) {
        this.key = key;
        this.status = status;
    }

    private Columns<BuildStatus> columns() {
        return new Columns<BuildStatus>()
                .text("KEY", "key", build -> key)
                .column("KIND", "task", build -> kind(build.task()), build -> BooleanNode.valueOf(build.task()))
                .text("STATE", "state", build -> state(build.state()))
                .number("WAITERS", "waiters", BuildStatus::waiters)
                .id("TOKEN", "token", BuildStatus::token)
                .number("REVISION", "revision", BuildStatus::resultRevision)
                .elapsedIf("RUNS FOR", "runningMillis", build -> runsFor(build.builder()))
                .text("BUILDER", "builder", build -> name(build.builder()))
                .text("", "builderHost", build -> ClientNames.host(name(build.builder())))
                .elapsedIf("KEPT FOR", "keptMillis", build -> millis(build.keptFor()))
                .json("PROGRESS", "progress", BuildStatus::progress)
                .json("RESULT", "result", BuildStatus::value);
    }

    /** A table, which cuts long values. */
    public String text() {
        return columns().table(List.of(status));
    }

    /** All of it. */
    public ObjectNode json() {
        return columns().json(status);
    }

    private static String state(BuildStatus.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private static String kind(boolean task) {
        return task ? "runOnce" : "build";
    }

    private static String name(Optional<BuilderInfo> builder) {
        return builder.map(BuilderInfo::clientName).orElse("");
    }

    private static OptionalLong runsFor(Optional<BuilderInfo> builder) {
        return millis(builder.map(BuilderInfo::runningFor));
    }

    private static OptionalLong millis(Optional<Duration> time) {
        return time.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(time.get().toMillis());
    }
}
