package io.coordinator.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cache.Cache;
import io.coordinator.client.cache.Entry;
import io.coordinator.client.cache.PutOptions;
import io.coordinator.client.job.JobHandle;
import io.coordinator.client.option.SubmitOptions;
import io.coordinator.client.schedule.ScheduleOptions;
import io.coordinator.testing.Cluster;
import io.coordinator.testing.CoordinatorCluster;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The README's examples, against three servers. */
@CoordinatorCluster
@SuppressWarnings("NullAway") // the result is not null
class ReadmeTest {
    @Test
    void jobsAndSchedules(CoordinatorClient client, CoordinatorClient host) {
        // spotless:off
        // snippet: use-jobs
        // Any number of hosts do the jobs of a queue. What a job does to the cluster is done once, with its completion.
        host.worker("mail", job -> {
            job.complete("sent", host.transaction().then(writes -> writes.increment("mails", 1)));
            return null;
        }, 8);

        // Submitted once under its id, from whichever host; done though its submitter or a worker dies; awaited anywhere.
        JobHandle mail = client.jobs("mail")
                .submit(Map.of("to", "ada@example.org"), SubmitOptions.defaults().withId("welcome-7"));
        String outcome = mail.await(String.class);

        // Each night one job, however many hosts say so.
        client.schedules().set("nightly", ScheduleOptions.cron("0 3 * * *", "Europe/Berlin").queue("mail"));
        // end
        // spotless:on
        assertThat(outcome).isEqualTo("sent");
        assertThat(client.cache().get("mails").orElseThrow().as(Long.class)).isEqualTo(1);
        assertThat(client.schedules().get("nightly").orElseThrow().options().queue())
                .isEqualTo("mail");
    }

    @Test
    void useIt(Cluster cluster) throws Exception {
        String endpoints = cluster.endpoints();
        // spotless:off
        // snippet: use-it
        ClientConfig config = ClientConfig.builder().endpoints(endpoints).clientName("reports").build();
        try (CoordinatorClient client = CoordinatorClient.connect(config)) {
            // One host builds, all others wait for its result and get it; a waiter takes over if the builder dies.
            String report = client.builds().getOrBuild("report/2026-11", String.class, build -> {
                build.progress("reading");
                return "42 pages";
            }, Duration.ofMinutes(5));

            // A lock whose holder learns of a loss before anyone else gets the lock, and writes that only the holder can make.
            client.lock("orders/42").withLock(lock -> lock.cache().put("orders/42/state", "paid"));

            // Linearizable values, counters and compare-and-set.
            Cache cache = client.cache();
            cache.put("greeting", Map.of("text", report), PutOptions.ttl(Duration.ofHours(1)));
            long visits = cache.increment("visits", 1);
            Optional<Entry> state = cache.get("orders/42/state");
            String order = state.map(entry -> entry.as(String.class)).orElse("unknown");
            System.out.println(visits + " visits, order 42 is " + order);
        }
        // end
        // spotless:on
        try (CoordinatorClient client = CoordinatorClient.connect(config)) {
            assertThat(client.cache()
                            .get("greeting")
                            .orElseThrow()
                            .value()
                            .get("text")
                            .asText())
                    .isEqualTo("42 pages");
            assertThat(client.cache().get("visits").orElseThrow().as(Long.class))
                    .isEqualTo(1);
            assertThat(client.cache().get("orders/42/state").orElseThrow().as(String.class))
                    .isEqualTo("paid");
        }
    }
}
