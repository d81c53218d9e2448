package io.coordinator.benchmarks.systems;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.coordinator.client.ClientConfig;
import io.coordinator.client.CoordinatorClient;
import io.coordinator.client.cluster.NodeStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;

/** The node that serves clients, seen from outside: its figures, and what lives on its heap. */
public final class ServingNode {
    private static final int HISTOGRAMS = 3;
    private static final int OK = 200;
    private static final long LOOK_MILLIS = 50;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HttpClient http = HttpClient.newHttpClient();
    private final CoordinatorServers cluster;
    private final String name;

    private ServingNode(CoordinatorServers cluster, String name) {
        this.cluster = cluster;
        this.name = name;
    }

    /** The client's settings for a cluster of a benchmark. */
    public static ClientConfig.Builder clients(CoordinatorServers cluster) {
        return ClientConfig.builder()
                .cluster(CoordinatorServers.NAME)
                .endpoints(cluster.endpoints())
                .sessionLease(Duration.ofMinutes(1))
                .requestTimeout(Duration.ofMinutes(1));
    }

    /** The node that serves now. */
    public static ServingNode of(CoordinatorServers cluster, CoordinatorClient client) {
        return new ServingNode(cluster, name(client));
    }

    private static String name(CoordinatorClient client) {
        return client.status().stream()
                .filter(NodeStatus::serving)
                .map(NodeStatus::node)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no node serves clients now; start again"));
    }

    /**
     * What was measured is of one node.
     *
     * @throws IllegalStateException if another one serves clients now
     */
    public void requireStillServing(CoordinatorClient client) {
        String now = name(client);
        if (!now.equals(name)) {
            throw new IllegalStateException("the leader changed from " + name + " to " + now + "; measure again");
        }
    }

    /** A figure of its {@code /metrics}. */
    public double figure(String metric) throws IOException, InterruptedException {
        return figure(
                http.send(request(name, "/metrics"), HttpResponse.BodyHandlers.ofString())
                        .body(),
                metric);
    }

    static double figure(String metrics, String metric) {
        return metrics.lines()
                .filter(line -> line.startsWith(metric + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(metric.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("the node tells no " + metric));
    }

    /**
     * Kills a node that does not serve now, and starts it again with its data.
     *
     * @return how long after its start it says that it is ready
     * @throws IllegalStateException if that takes longer than this
     */
    public Duration restartFollower(Duration patience) throws IOException, InterruptedException {
        String follower = LoopbackCluster.NODES.stream()
                .filter(node -> !node.equals(name))
                .findFirst()
                .orElseThrow();
        long startedAt = System.nanoTime();
        cluster.restart(follower);
        while (!isReady(follower)) {
            if (System.nanoTime() - startedAt > patience.toNanos()) {
                throw new IllegalStateException(follower + " was not ready within " + patience.toSeconds() + " s");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    private boolean isReady(String node) throws InterruptedException {
        try {
            return http.send(request(node, "/ready"), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == OK;
        } catch (IOException notYet) {
            return false;
        }
    }

    private HttpRequest request(String node, String path) {
        return HttpRequest.newBuilder(URI.create("http://" + cluster.httpAddress(node) + path))
                .timeout(PATIENCE)
                .build();
    }

    /** Bytes of all objects that are left after a full collection: the least of three, each after one of its own. */
    public long liveHeapBytes() throws IOException, InterruptedException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < HISTOGRAMS; i++) {
            least = Math.min(least, total(histogram()));
        }
        return least;
    }

    private String histogram() throws IOException, InterruptedException {
        String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
        Process process = new ProcessBuilder(List.of(jcmd, Long.toString(cluster.pid(name)), "GC.class_histogram"))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd cannot ask " + name + " for a histogram: " + output);
        }
        return output;
    }

    /** Its last line has the word, then how many objects, then how many bytes. */
    static long total(String histogram) {
        String last = histogram
                .lines()
                .filter(line -> line.startsWith("Total "))
                .reduce((line, later) -> later)
                .orElseThrow(() -> new IllegalArgumentException("no histogram: " + histogram));
        return Long.parseLong(last.trim().split("\\s+", -1)[2]);
    }
}
