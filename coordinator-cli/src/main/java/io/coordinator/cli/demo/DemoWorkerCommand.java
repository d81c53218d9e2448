package io.coordinator.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Console;
import io.coordinator.cli.console.Json;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildContext;
import io.coordinator.client.builds.BuildOptions;
import io.coordinator.client.error.CoordinatorException;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * One worker of a demo. It connects, says that it is ready, waits for the word on its standard input, asks for the
 * build and says what it got. Started by the demo only.
 */
@Command(name = DemoWorkerCommand.NAME, hidden = true, description = "One worker of the demo.")
public final class DemoWorkerCommand implements Callable<Integer> {
    /** The hidden command's name. */
    public static final String NAME = "demo-worker";

    /** The build that all workers ask for. */
    static final String BUILD_KEY = "demo/image";

    private static final int STEPS = 20;

    private final Console console;

    @Mixin
    private DemoProcess self = new DemoProcess();

    @Option(names = "--build-millis", required = true)
    private long buildMillis;

    /** Set by the thread that asks, which is also the one that builds. */
    private long ownToken;

    public DemoWorkerCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws Exception {
        ParentPipe parent = self.watchParent(console);
        try (CoordinatorClient client = self.connect()) {
            say(WorkerReport.Kind.READY, "");
            parent.await();
            JsonNode result = client.builds()
                    .getOrBuild(BUILD_KEY, JsonNode.class, this::build, BuildOptions.timeout(DemoEvents.PATIENCE));
            if (ownToken != 0) {
                say(WorkerReport.Kind.COMMITTED, Long.toString(ownToken));
            }
            say(WorkerReport.Kind.RESULT, result == null ? "null" : Json.line(result));
            return 0;
        } catch (CoordinatorException e) {
            say(WorkerReport.Kind.FAILED, String.valueOf(e.getMessage()));
            return 1;
        }
    }

    /** Some seconds of "work", and a result that no second execution would repeat. */
    private JsonNode build(BuildContext context) throws IOException, InterruptedException {
        ownToken = context.token();
        self.directory().executions().add(self.name(), context.token());
        say(WorkerReport.Kind.BUILDING, Long.toString(context.token()));
        for (int step = 1; step <= STEPS; step++) {
            TimeUnit.MILLISECONDS.sleep(buildMillis / STEPS);
            context.progress(Map.of("worker", self.name(), "percent", step * 100 / STEPS));
        }
        return Json.object()
                .put("image", UUID.randomUUID().toString())
                .put("builtBy", self.name())
                .put("token", context.token());
    }

    private void say(WorkerReport.Kind kind, String detail) {
        DemoProcess.say(console, kind, detail);
    }
}
