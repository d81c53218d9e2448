package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.builds.BuildStatus;
import io.coordinator.client.job.JobWorker;
import io.coordinator.client.job.WorkOptions;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.client.schedule.ScheduleOptions;
import io.coordinator.client.topic.StartAt;
import io.coordinator.testing.CoordinatorCluster;
import io.coordinator.testing.feature.Feature;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What docs/jobs.md shows to those who choose, and how a process that does jobs ends. */
@Feature("B-26")
@CoordinatorCluster(nodes = 1)
@SuppressWarnings("NullAway") // what is made and submitted here is not null
class ChoosingTest {
    private final AtomicInteger migrations = new AtomicInteger();

    private static String report() {
        return "42 pages";
    }

    private void migrate() {
        migrations.incrementAndGet();
    }

    @Test
    void theSameErrandInEachForm(CoordinatorClient client, CoordinatorClient host) {
        host.rpc().register("resize", request -> "small " + request.arguments().asText());
        host.worker("mail", job -> "sent to " + job.payload().asText(), 1);
        // spotless:off
        // snippet: jobs-choose
        String report = client.builds()                                // all get the one that one of them makes
                .getOrBuild("report-11", String.class, build -> report(), Duration.ofMinutes(10));
        client.builds().runOnce("migrate-to-v7", once -> migrate(), Duration.ofMinutes(30));
        client.lock("orders/42").withLock(lock -> lock.cache().put("orders/42/state", "paid"));
        client.jobs("mail").submit("ada", SubmitOptions.defaults().withId("welcome-ada"));
        client.schedules().set("nightly", ScheduleOptions.cron("0 3 * * *", "Europe/Berlin").queue("mail").payload("all"));
        String image = client.rpc().call("resize", "cat.png", String.class);
        client.durableTopics().topic("orders").publish("42 is paid");
        // end
        // spotless:on
        assertThat(report).isEqualTo("42 pages");
        client.builds().runOnce("migrate-to-v7", once -> migrate(), Duration.ofMinutes(30));
        assertThat(migrations).hasValue(1);
        assertThat(client.cache().get("orders/42/state").orElseThrow().as(String.class))
                .isEqualTo("paid");
        assertThat(client.jobs("mail").job("welcome-ada").await(String.class)).isEqualTo("sent to ada");
        assertThat(client.schedules().get("nightly")).isPresent();
        assertThat(image).isEqualTo("small cat.png");
        assertThat(client.durableTopics()
                        .topic("orders")
                        .read(StartAt.earliest(), 10)
                        .records())
                .hasSize(1);
        assertThat(client.builds().status("report-11").state()).isNotEqualTo(BuildStatus.State.EMPTY);
    }

    @Test
    void aProcessThatDoesJobsEndsInGoodOrder(CoordinatorClient client, CoordinatorClient host) throws Exception {
        // spotless:off
        // snippet: jobs-shutdown
        JobWorker worker = host.jobs("reports").work(
                job -> "done", WorkOptions.concurrency(4).withDrainTimeout(Duration.ofSeconds(20)));
        Thread ending = new Thread(() -> {
            worker.close();                                            // finishes, or hands back after 20 s
            host.close();
        });
        Runtime.getRuntime().addShutdownHook(ending);                  // SIGTERM, Ctrl-C, System.exit
        // end
        // spotless:on
        assertThat(client.jobs("reports").submit("x").await(String.class)).isEqualTo("done");
        assertThat(Runtime.getRuntime().removeShutdownHook(ending)).isTrue();
        ending.start();
        ending.join();
        assertThat(worker.state()).isEqualTo(JobWorker.State.CLOSED);
        assertThat(client.jobs("reports").inspect().orElseThrow().workers()).isEmpty();
    }
}
