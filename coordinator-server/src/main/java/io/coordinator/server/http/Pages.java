package io.coordinator.server.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is served under which path. */
final class Pages {
    private static final String JSON = "application/json; charset=utf-8";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
    private static final Logger LOG = LoggerFactory.getLogger(Pages.class);

    private final HealthChecks checks;
    private final Supplier<String> metrics;
    private final Executor scraper;

    /** @param scraper renders the metrics, which can wait for locks; probes never do */
    Pages(HealthChecks checks, Supplier<String> metrics, Executor scraper) {
        this.checks = checks;
        this.metrics = metrics;
        this.scraper = scraper;
    }

    /**
     * @param type of the body
     */
    record Page(HttpResponseStatus status, String type, String body) {}

    /** Finds the page, now or on another thread. */
    void find(String path, Consumer<Page> found) {
        switch (path) {
            case "/startup" -> found.accept(probe(checks.startup()));
            case "/ready" -> found.accept(probe(checks.ready()));
            case "/live" -> found.accept(probe(checks.live()));
            case "/metrics" -> scrape(found);
            default ->
                found.accept(new Page(
                        HttpResponseStatus.NOT_FOUND, TEXT, "there are /startup, /ready, /live and /metrics\n"));
        }
    }

    private void scrape(Consumer<Page> found) {
        try {
            scraper.execute(() -> found.accept(render()));
        } catch (RejectedExecutionException e) {
            found.accept(new Page(
                    HttpResponseStatus.SERVICE_UNAVAILABLE, TEXT, "too many scrapes at once; scrape less often\n"));
        }
    }

    private Page render() {
        try {
            return new Page(HttpResponseStatus.OK, PROMETHEUS, metrics.get());
        } catch (RuntimeException e) {
            LOG.error("metrics could not be rendered", e);
            return new Page(HttpResponseStatus.INTERNAL_SERVER_ERROR, TEXT, "see the log of the node\n");
        }
    }

    private static Page probe(Health health) {
        return new Page(
                health.ok() ? HttpResponseStatus.OK : HttpResponseStatus.SERVICE_UNAVAILABLE,
                JSON,
                "{\"ok\":" + health.ok() + ",\"reason\":\"" + escape(health.reason()) + "\"}\n");
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", " ");
    }
}
