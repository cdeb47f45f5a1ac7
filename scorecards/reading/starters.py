"""The READMEs that generators leave behind, known by sentences of theirs."""

from functools import lru_cache

from catalog.regex import regex

PHRASES: dict[str, tuple[str, ...]] = {
    "Create React App": (
        "this project was bootstrapped with create react app",
        "getting started with create react app",
    ),
    "Backstage": ("this is your newly scaffolded backstage app",),
    "GitLab": (
        "to make it easy for you to get started with gitlab, here's a list of recommended next steps",
    ),
    "Vite": (
        "this template provides a minimal setup to get react working in vite",
        "this template should help get you started developing with vue",
        "this template should help get you started developing with svelte",
        "this template should help get you started developing with solid",
    ),
    "Next.js": ("this is a next.js project bootstrapped with",),
    "Nuxt": (
        "look at the nuxt documentation to learn more",
        "look at the nuxt 3 documentation to learn more",
    ),
    "Angular CLI": (
        "this project was generated with angular cli",
        "this project was generated using angular cli",
    ),
    "NestJS": (
        "a progressive node.js framework for building efficient and scalable server-side applications",
        "nest framework typescript starter repository",
    ),
    "Vue CLI": ("compiles and hot-reloads for development", "compile and hot-reload for development"),
    "Svelte": ("everything you need to build a svelte project", "everything you need to build a svelte app"),
    "Rails": ("this readme would normally document whatever steps are necessary to get the application up",),
    "Bitbucket": (
        "this readme would normally document whatever steps are necessary to get your application up",
    ),
    "Laravel": ("laravel is a web application framework with expressive, elegant syntax",),
    "Azure DevOps": ("todo: give a short introduction of your project",),
    "Quarkus": ("this project uses quarkus, the supersonic subatomic java framework",),
    "Micronaut": ("api reference - configuration reference - micronaut guides",),
    "Spring Initializr": ("for further reference, please consider the following sections",),
    "AWS SAM": (
        "source code and supporting files for a serverless application that you can deploy with the sam",
    ),
    "AWS CDK": ("this is a blank project for cdk development", "welcome to your cdk "),
    "Serverless Framework": (
        "this template demonstrates how to deploy",
        "this template demonstrates how to make a simple",
        "this template demonstrates how to develop and deploy",
    ),
    "Flutter": ("a new flutter project.", "this project is a starting point for a flutter application"),
    "Expo": ("this is an expo project created with",),
    "Phoenix": ("to start your phoenix server", "now you can visit localhost:4000 from your browser"),
    "Astro": ("astro starter kit",),
    "Gatsby": (
        "kick off your project with this default boilerplate",
        "kick off your project with this hello",
    ),
    "Remix": ("welcome to remix!",),
    "Docusaurus": ("this website is built using docusaurus",),
    "Mix": ("todo: add description",),
    "Bundler": ("welcome to your new gem!", "todo: delete this and the text"),
    "a README template": (
        "an amazing project template to jumpstart your projects",
        "provide a short description explaining the what, why, and how of your project",
        "one paragraph of project description goes here",
        "a brief description of what this project does and who it's for",
        "project_title",
    ),
}
"""Sentences in lower case, without markup, by the generator that writes them."""

_MARKUP = regex(r"!?\[([^\[\]\n]{0,200})\]\([^()\s]{0,500}\)|<[^<>]{1,300}>|[*`#\[\]]+")


@lru_cache(maxsize=256)
def starter(text: str) -> str:
    """The generator one of whose sentences stands in a text, over line ends too; "" where there is none."""
    flat = " ".join(_MARKUP.sub(lambda m: m[1] or "", text).lower().replace("’", "'").split())
    for name, phrases in PHRASES.items():
        if any(phrase in flat for phrase in phrases):
            return name
    return ""
