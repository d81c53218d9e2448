package io.coordinator.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.coordinator.cli.console.Console;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.error.CoordinatorException;
import io.coordinator.client.job.AsyncJobQueue;
import io.coordinator.client.option.SubmitOptions;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Submits some of the demo's jobs when it gets the word, and awaits their results. Started by the demo only. */
@Command(name = DemoSubmitterCommand.NAME, hidden = true, description = "One submitter of the demo's jobs.")
public final class DemoSubmitterCommand implements Callable<Integer> {
    /** The hidden command's name. */
    public static final String NAME = "demo-submitter";

    private final Console console;

    @Mixin
    private DemoProcess self = new DemoProcess();

    @Option(names = "--jobs", required = true)
    private int count;

    public DemoSubmitterCommand(Console console) {
        this.console = console;
    }

    /** The ids of one submitter's jobs. */
    static List<String> jobs(String submitter, int count) {
        return IntStream.rangeClosed(1, count)
                .mapToObj(number -> submitter + "/" + number)
                .toList();
    }

    @Override
    public Integer call() {
        ParentPipe parent = self.watchParent(console);
        try (CoordinatorClient client = self.connect()) {
            DemoProcess.say(console, WorkerReport.Kind.READY, "");
            parent.await();
            AsyncJobQueue queue = client.async().jobs(DemoJobWorkerCommand.QUEUE);
            List<CompletionStage<JsonNode>> results = jobs(self.name(), count).stream()
                    .map(job -> queue.submit(
                                    self.name(), SubmitOptions.defaults().withId(job))
                            .thenCompose(submitted -> submitted.await()))
                    .toList();
            results.forEach(result -> result.toCompletableFuture().join());
            DemoProcess.say(console, WorkerReport.Kind.RESULT, Integer.toString(results.size()));
            return 0;
        } catch (CoordinatorException | CompletionException e) {
            DemoProcess.say(console, WorkerReport.Kind.FAILED, String.valueOf(e.getMessage()));
            return 1;
        }
    }
}
