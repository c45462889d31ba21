"""What tags are called, as found in the titles and addresses of a site's tag pages."""

import pytest

from index.tag_names import tag_names


def named(titles: dict[str, str]) -> dict[str, str]:
    pages = {slug: (title, "") for slug, title in titles.items()}
    return {slug: found[0] for slug, found in tag_names(pages).items()}


IN_PRODUCTION = {
    "redis": "Websites Using Redis in Production",
    "postgres": "Websites Using PostgreSQL in Production",
    "circle-ci": "Websites Using Circle CI for CI / CD",
    "azure": "Website Using Microsoft Azure in Production",
    "sentry": "Websites Using Sentry for Error Tracking in Production",
    "cloudflare": "Websites Using Cloudflare in Production as a CDN",
    "c": "Websites Using C in Production",
    "dotnet": "Websites Using .NET in Production",
    "rails": "Websites Using Ruby on Rails in Production",
    "electron": "Building Desktop Applications with Electron",
}


def test_what_titles_have_in_common_is_no_part_of_a_name() -> None:
    assert named(IN_PRODUCTION) == {
        "redis": "Redis",
        "postgres": "PostgreSQL",
        "circle-ci": "Circle CI",
        "azure": "Microsoft Azure",
        "sentry": "Sentry",
        "cloudflare": "Cloudflare",
        "c": "C",
        "dotnet": ".NET",
        "rails": "Ruby on Rails",
        "electron": "Electron",
    }


@pytest.mark.parametrize(
    "template",
    ["Episodes About {}", "{} Episodes", "All episodes tagged {} | The Show", "{}", "Tag: {}"],
)
def test_any_wording_is_found(template: str) -> None:
    names = {"redis": "Redis", "c-sharp": "C#", "rails": "Ruby on Rails", "go": "Go", "css": "CSS"}
    titles = {slug: template.format(name) for slug, name in names.items()}
    assert named(titles) == names


def test_a_single_page_keeps_a_short_title() -> None:
    assert named({"rails": "Ruby on Rails"}) == {"rails": "Ruby on Rails"}
    assert tag_names({}) == {}


def further(slug: str, name: str, url: str) -> tuple[str, ...]:
    return tag_names({slug: (name, url)})[slug][1:]


def test_a_tool_is_also_called_as_its_own_address_is() -> None:
    assert further("vue", "Vue", "https://vuejs.org/") == ("vuejs",)
    assert further("circle-ci", "Circle", "https://www.circleci.com/") == ("circleci",)


@pytest.mark.parametrize(
    ("slug", "name", "url"),
    [
        ("acm", "Amazon ACM", "https://aws.amazon.com/acm/"),
        ("app-engine", "Google App Engine", "https://cloud.google.com/appengine"),
        ("kafka", "Apache Kafka", "https://kafka.apache.org/"),
        ("swarm", "Docker Swarm", "https://docs.docker.com/engine/swarm/"),
        ("k8s", "Kubernetes", "https://github.com/kubernetes/"),
        ("go", "Go", "https://google.com/"),
        ("redis", "Redis", "https://redis.io/"),
        ("x", "X", "http://[::1"),
        ("x", "X", "not an address"),
        ("x", "X", ""),
    ],
)
def test_the_address_of_a_host_of_many_is_no_name(slug: str, name: str, url: str) -> None:
    assert further(slug, name, url) == ()
